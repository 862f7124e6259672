import { expect, test } from 'vitest';
import { parseDate } from '../../../server/message/headers/date.ts';

test.each<[string, string, string]>([
  ['as in RFC 5322 §3.3', 'Sat, 21 Nov 2026 10:00:05 +0100', '2026-11-21T09:00:05.000Z'],
  ['without weekday', '21 Nov 2026 10:00:05 -0330', '2026-11-21T13:30:05.000Z'],
  ['without seconds', 'Sat, 21 Nov 2026 10:00 +0000', '2026-11-21T10:00:00.000Z'],
  ['one-digit day', 'Sun, 1 Nov 2026 10:00:00 +0000', '2026-11-01T10:00:00.000Z'],
  ['a comment', 'Sat, 21 Nov 2026 10:00:00 +0100 (CET (winter))', '2026-11-21T09:00:00.000Z'],
  ['comments and blanks anywhere', ' Sat (day) ,  21\tNov 2026 10 : 00 : 00 +0000', '2026-11-21T10:00:00.000Z'],
  ['a two-digit year below 50 (§4.3)', '21 Nov 26 10:00:00 +0000', '2026-11-21T10:00:00.000Z'],
  ['a two-digit year from 50 (§4.3)', '21 Nov 97 10:00:00 +0000', '1997-11-21T10:00:00.000Z'],
  ['a three-digit year (§4.3)', '21 Nov 126 10:00:00 +0000', '2026-11-21T10:00:00.000Z'],
  ['GMT', 'Sat, 21 Nov 2026 10:00:00 GMT', '2026-11-21T10:00:00.000Z'],
  ['EST (§4.3)', 'Sat, 21 Nov 2026 10:00:00 EST', '2026-11-21T15:00:00.000Z'],
  ['PDT (§4.3)', 'Sat, 21 Nov 2026 10:00:00 PDT', '2026-11-21T17:00:00.000Z'],
  ['a military zone says nothing (§4.3)', 'Sat, 21 Nov 2026 10:00:00 A', '2026-11-21T10:00:00.000Z'],
  ['an unknown zone says nothing (§4.3)', 'Sat, 21 Nov 2026 10:00:00 XYZT', '2026-11-21T10:00:00.000Z'],
  ['no zone', 'Sat, 21 Nov 2026 10:00:00', '2026-11-21T10:00:00.000Z'],
  ['no blank before the zone', 'Sat, 21 Nov 2026 10:00:00+0100', '2026-11-21T09:00:00.000Z'],
  ['a leap second', 'Thu, 31 Dec 1998 23:59:60 +0000', '1999-01-01T00:00:00.000Z'],
  ['a month written out', '21 November 2026 10:00:00 +0000', '2026-11-21T10:00:00.000Z'],
  [
    "JavaScript's own",
    'Sat Nov 21 2026 10:00:00 GMT+0100 (Central European Standard Time)',
    '2026-11-21T09:00:00.000Z',
  ],
  ["C's own", 'Sat Nov  1 10:00:00 2026', '2026-11-01T10:00:00.000Z'],
  ['ISO 8601', '2026-11-21T10:00:00.123Z', '2026-11-21T10:00:00.123Z'],
])('%s', (_, value, iso) => {
  expect(parseDate(value)?.toISOString()).toBe(iso);
});

test.each([
  '',
  'yesterday',
  'Sat, 31 Feb 2026 10:00:00 +0000',
  'Sat, 0 Nov 2026 10:00:00 +0000',
  'Sat, 21 Foo 2026 10:00:00 +0000',
  'Sat, 21 Nov 2026 24:00:00 +0000',
  'Sat, 21 Nov 2026 10:60:00 +0000',
  'Sat, 21 Nov 2026',
  '1732183200',
  '21/11/2026 10:00',
  '2026-11-21 10:00',
  'Sat, 21 Nov 2026 10:00:00 +0000'.padEnd(100_000, ' '),
  '('.repeat(100_000),
])('%s is no date', (value) => {
  expect(parseDate(value)).toBeNull();
});

test.each(['2026-02-30T10:00:00Z', '2026-02-29 10:00:00Z', '30 Feb 2026 10:00:00 +0000'])('%s is no date', (value) => {
  expect(parseDate(value)).toBeNull();
});
