import { expect, test } from 'vitest';
import { type Figure, isMet, median, percentile } from './figure.ts';
import { line, markdown, table } from './table.ts';

const rate: Figure = { name: '8 connections', unit: 'mails/s', value: 1234.5, against: null, expected: null };
const bare = { name: 'bare', value: 1300, ratio: 0.95 };

const figures: readonly Figure[] = [
  { ...rate, against: bare, expected: { at: 'least', limit: 0.85 } },
  { ...rate, against: { name: 'MailDev', value: 300, ratio: 4.1 }, expected: { at: 'least', limit: 5 } },
  { name: 'start', unit: 'ms', value: 42.25, against: null, expected: { at: 'most', limit: 500 } },
];

test('the table repeats nothing, and its columns align', () => {
  expect(`\n${table(figures)}\n`).toBe(`
figure         unit     Mailstop  against         ratio  expected  met
-------------  -------  --------  -------  -----  -----  --------  ---
8 connections  mails/s     1,235  bare     1,300   0.95    ≥ 0.85  yes
                                  MailDev    300   4.10       ≥ 5  NO
start          ms           42.3                            ≤ 500  yes
`);
});

test('the figures as Markdown, and line by line', () => {
  expect(`\n${markdown(figures)}\n`).toBe(`
| figure | unit | Mailstop | against |  | ratio | expected | met |
| --- | --- | ---: | --- | ---: | ---: | ---: | --- |
| 8 connections | mails/s | 1,235 | bare | 1,300 | 0.95 | ≥ 0.85 | yes |
|  |  |  | MailDev | 300 | 4.10 | ≥ 5 | NO |
| start | ms | 42.3 |  |  |  | ≤ 500 | yes |
`);
  expect(figures.map(line)).toEqual([
    '8 connections: 1,235 mails/s, 0.95 × bare (1,300), expected ≥ 0.85: yes',
    '8 connections: 1,235 mails/s, 4.10 × MailDev (300), expected ≥ 5: NO',
    'start: 42.3 ms, expected ≤ 500: yes',
  ]);
});

test('an expectation applies to the ratio if there is one, or else to the value', () => {
  expect(isMet({ ...rate, against: bare, expected: { at: 'least', limit: 0.95 } })).toBe(true);
  expect(isMet({ ...rate, against: bare, expected: { at: 'least', limit: 0.96 } })).toBe(false);
  expect(isMet({ ...rate, expected: { at: 'most', limit: 1234 } })).toBe(false);
  expect(isMet(rate)).toBeNull();
  // Unless it is stated to be for the value.
  expect(isMet({ ...rate, against: bare, expected: { at: 'most', limit: 2000, of: 'value' } })).toBe(true);
  expect(isMet({ ...rate, against: bare, expected: { at: 'most', limit: 1000, of: 'value' } })).toBe(false);
});

test('the median of a few values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(() => median([])).toThrow('the median of nothing');
});

test('a percentile is one of the values; of a few values, the largest', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile([3, 1, 2], 0.99)).toBe(3);
  expect(() => percentile([], 0.5)).toThrow('a percentile of nothing');
});
