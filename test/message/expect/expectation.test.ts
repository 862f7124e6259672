import { describe, expect, test } from 'vitest';
import { faultsOf } from '../../../server/message/expect/expectation.ts';
import type { Content } from '../../../server/message/message.ts';
import { bodyOf } from '../../../server/message/query/matches.ts';
import { searchableHead } from '../../../server/message/query/searchable-head.ts';
import { nothing } from '../../../server/message/unparsed.ts';
import type { MessageTest } from '../../../wire/tests.ts';
import { aSummary } from '../a-summary.ts';

const attachments = [
  { index: 0, filename: 'terms.pdf', contentType: 'application/pdf', size: 2000, contentId: null, inline: false },
  { index: 1, filename: 'data.csv', contentType: 'text/csv', size: 7, contentId: null, inline: false },
];
const summary = aSummary({
  subject: 'Reset your password',
  from: { name: 'Shop', address: 'no-reply@shop.test' },
  to: [
    { name: 'Ada', address: 'ada@x.test' },
    { name: '', address: 'bob@x.test' },
  ],
  size: 5000,
  envelope: { from: '', to: ['ada@x.test', 'bob@x.test'] },
  username: 'worker-3',
  tags: ['billing'],
  attachments,
});
const content: Content = {
  text: 'Hello Ada,\nyour code is 402913.\n',
  html: '<h1>Hello Ada</h1>',
  headers: [
    { name: 'X-Tag', value: 'one' },
    { name: 'x-tag', value: 'two' },
  ],
  attachments,
  structure: null,
  searchText: '',
  preview: 'Hello Ada, your code is 402913.',
  ...nothing,
  links: [{ url: 'https://shop.test/reset/abc', text: 'Reset it', source: 'html' }],
  code: '402913',
  warnings: [],
  problem: null,
};
const whole = { summary, content, head: searchableHead(summary), body: bodyOf(content) };
const files = ['%PDF', 'a,b\n1,2'];
const faults = (wanted: MessageTest) => faultsOf(wanted, whole, async ({ index }) => Buffer.from(files[index] ?? ''));

describe('a mail as expected misses nothing', () => {
  const table: MessageTest[] = [
    {},
    { subject: 'Reset your password' },
    { subject: { contains: 'RESET' } },
    { subject: { contains: ['reset', 'password'], matches: '^reset', not: { contains: 'welcome' } } },
    { from: 'No-Reply@shop.test' },
    { from: { name: 'Shop' } },
    { from: { address: { matches: '@shop' }, name: { not: null } } },
    { to: 'ada@x.test' },
    { to: ['bob@x.test', { name: 'Ada' }] },
    { cc: [] },
    { text: 'Hello Ada,\nyour code is 402913.' },
    { text: { matches: 'code is \\d{6}' } },
    { html: { contains: '<h1>' } },
    { code: '402913' },
    { username: 'worker-3', tags: 'billing', size: { min: 1000, max: 5000 } },
    { messageId: null },
    { envelope: { from: '', to: ['ada@x.test', 'bob@x.test'] } },
    { headers: { 'X-TAG': 'two', 'X-Other': null } },
    { attachments: { filename: 'terms.pdf', contentType: 'application/pdf', size: 2000 } },
    { attachments: [{ text: { contains: '1,2' } }, { filename: { matches: 'pdf$' } }] },
    { links: { contains: '/reset/' } },
    { links: [{ url: 'https://shop.test/reset/abc', text: 'Reset it' }] },
  ];
  test.each(table)('%j', async (wanted) => {
    expect(await faults(wanted)).toEqual([]);
  });
});

describe('another mail says what it misses, field by field', () => {
  const table: readonly [wanted: MessageTest, miss: string][] = [
    [{ subject: 'reset your password' }, 'subject: "reset your password" / "Reset your password"'],
    [{ subject: null }, 'subject: to be absent / "Reset your password"'],
    [{ subject: { not: { contains: 'reset' } } }, 'subject: not to contain "reset" / "Reset your password"'],
    [{ subject: { contains: ['reset', 'welcome'] } }, 'subject: to contain "welcome" / "Reset your password"'],
    [{ from: 'ada@x.test' }, 'from: "ada@x.test" / "Shop <no-reply@shop.test>"'],
    [{ to: 'eve@x.test' }, 'to: "eve@x.test" / "Ada <ada@x.test>", "bob@x.test"'],
    [{ to: [] }, 'to: none / "Ada <ada@x.test>", "bob@x.test"'],
    [{ cc: 'eve@x.test' }, 'cc: "eve@x.test" / none'],
    [{ text: { matches: 'code is \\d{7}' } }, 'text: to match /code is \\d{7}/ / "Hello Ada, your code is 402913."'],
    [{ code: null }, 'code: to be absent / "402913"'],
    [{ size: { max: 100 } }, 'size: at most 100 / 5000'],
    [{ envelope: { from: 'x@x.test' } }, 'envelope.from: "x@x.test" / ""'],
    [{ headers: { 'X-Tag': 'three' } }, 'headers.X-Tag: "three" / "one", "two"'],
    [{ headers: { 'X-Tag': null } }, 'headers.X-Tag: to be absent / "one", "two"'],
    [{ headers: { 'X-Other': 'x' } }, 'headers.X-Other: "x" / none'],
    [
      { attachments: { filename: 'terms.doc', size: { min: 1 } } },
      'attachments: filename "terms.doc" and size at least 1 / "terms.pdf (application/pdf, 2000 octets)", "data.csv (text/csv, 7 octets)"',
    ],
    [
      { attachments: [] },
      'attachments: none / "terms.pdf (application/pdf, 2000 octets)", "data.csv (text/csv, 7 octets)"',
    ],
    [
      { links: { url: { contains: '/x/' }, text: 'X' } },
      'links: url to contain "/x/" and text "X" / "https://shop.test/reset/abc"',
    ],
    [{ tags: 'x' }, 'tags: "x" / "billing"'],
  ];
  test.each(table)('%j', async (wanted, miss) => {
    expect((await faults(wanted)).map(({ field, expected, actual }) => `${field}: ${expected} / ${actual}`)).toEqual([
      miss,
    ]);
  });
});

test('values of a mail are shown short and without control characters', async () => {
  const shown = async (subject: string) => {
    const other = aSummary({ subject });
    const [miss] = await faultsOf({ subject: 'x' }, { ...whole, summary: other }, async () => null);
    return miss?.actual;
  };
  expect(await shown('a\x1b[31m\x7f\x9b\u202eb\u2066')).toBe('"a\\u001b[31m\\u007f\\u009b\\u202eb\\u2066"');
  expect(await shown('x'.repeat(100_000))).toBe(`"${'x'.repeat(120)}…"`);
  expect(await shown(`${'x'.repeat(119)}😀😀`)).toBe(`"${'x'.repeat(119)}…"`);
});
