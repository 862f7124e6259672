import { expect, test } from 'vitest';
import { type Figure, isMet, median } from './figure.ts';
import { table } from './table.ts';

const rate: Figure = { name: '8 connections', unit: 'mails/s', value: 1234.5, against: null, expected: null };
const bare = { name: 'bare', value: 1300, ratio: 0.95 };

test('the table says each thing once and lines up', () => {
  const figures: readonly Figure[] = [
    { ...rate, against: bare, expected: { at: 'least', limit: 0.85 } },
    { ...rate, against: { name: 'MailDev', value: 300, ratio: 4.1 }, expected: { at: 'least', limit: 5 } },
    { name: 'start', unit: 'ms', value: 42.25, against: null, expected: { at: 'most', limit: 500 } },
  ];
  expect(`\n${table(figures)}\n`).toBe(`
figure         unit     Mailstop  against         ratio  expected  met
-------------  -------  --------  -------  -----  -----  --------  ---
8 connections  mails/s     1,235  bare     1,300   0.95    ≥ 0.85  yes
                                  MailDev    300   4.10       ≥ 5  NO
start          ms           42.3                            ≤ 500  yes
`);
});

test('where there is a ratio the expectation is about the ratio, else about the value', () => {
  expect(isMet({ ...rate, against: bare, expected: { at: 'least', limit: 0.95 } })).toBe(true);
  expect(isMet({ ...rate, against: bare, expected: { at: 'least', limit: 0.96 } })).toBe(false);
  expect(isMet({ ...rate, expected: { at: 'most', limit: 1234 } })).toBe(false);
  expect(isMet(rate)).toBeNull();
});

test('the median of a few', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(() => median([])).toThrow('the median of nothing');
});
