import { expect, test } from 'vitest';
import { displayName, formatSize, formatSpan, fullAddress, mails } from '../../ui/src/widgets/format.ts';
import { dayLabel, listTime } from '../../ui/src/widgets/time.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1.0 KB'],
  [77 * 1024, '77 KB'],
  [1024 * 1024 - 1, '1.0 MB'],
  [1.4 * 1024 ** 2, '1.4 MB'],
  [3 * 1024 ** 4, '3.0 TB'],
])('%d octets are %s', (octets, text) => {
  expect(formatSize(octets)).toBe(text);
});

test.each([
  [7 * 86_400_000, '7 days'],
  [86_400_000, '1 day'],
  [36 * 3_600_000, '36 hours'],
  [90 * 60_000, '90 minutes'],
  [1000, '1 second'],
  [1500, '1500 milliseconds'],
])('%d ms are %s', (milliseconds, text) => {
  expect(formatSpan(milliseconds)).toBe(text);
});

test('counts of mails have the right plural', () => {
  expect(mails(1, 'en')).toBe('1 mail');
  expect(mails(1204, 'en')).toBe('1,204 mails');
});

test('a person is shown by name or, without one, by address', () => {
  expect(displayName({ name: ' ', address: 'ada@example.org' })).toBe('ada@example.org');
  expect(displayName({ name: 'Ada', address: 'ada@example.org' })).toBe('Ada');
  expect(fullAddress({ name: 'Ada', address: 'ada@example.org' })).toBe('Ada <ada@example.org>');
});

const now = new Date(2026, 2, 10, 14, 30);
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

test('times in the list are relative for an hour, then by the clock', () => {
  expect(listTime(ago(0), now, 'en-GB')).toBe('now');
  expect(listTime(ago(-1), now, 'en-GB')).toBe('now');
  expect(listTime(ago(59), now, 'en-GB')).toBe('59 min');
  expect(listTime(ago(60), now, 'en-GB')).toBe('13:30');
  expect(listTime(ago(-600), now, 'en-GB')).toBe('00:30');
});

test('recent days have names', () => {
  expect(dayLabel(ago(0), now, 'en-GB')).toBe('Today');
  expect(dayLabel(ago(14 * 60 + 29), now, 'en-GB')).toBe('Today');
  expect(dayLabel(ago(14 * 60 + 31), now, 'en-GB')).toBe('Yesterday');
  expect(dayLabel(new Date(2026, 2, 5, 23), now, 'en-GB')).toBe('Thursday');
  expect(dayLabel(new Date(2026, 2, 3, 23), now, 'en-GB')).toBe('3 March');
  expect(dayLabel(new Date(2025, 2, 3, 23), now, 'en-GB')).toBe('3 March 2025');
});

test('the night in which the clocks change is one night', () => {
  const monday = new Date(2026, 2, 30, 0, 30);
  expect(dayLabel(new Date(2026, 2, 29, 0, 30), monday, 'en-GB')).toBe('Yesterday');
});
