import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MboxReader, type Quoting, toMbox } from '../../../server/cli/archive/mbox.ts';

const at = new Date('2026-01-02T03:04:05Z');

/** Reads an mbox that comes in pieces. */
function read(pieces: readonly (Buffer | string)[], quoting: Quoting = 'mboxrd', maxOctets?: number) {
  const reader = new MboxReader(quoting, maxOctets);
  const mails = pieces.flatMap((piece) => reader.push(Buffer.from(piece as string, 'latin1')));
  return [...mails, ...reader.end()].map(({ sender, raw }) => [sender, raw?.toString('latin1')]);
}

const MBOX = `From ada@x.test Fri Jan  2 03:04:05 2026
Subject: one

From here on it is text.
>From the beginning
>>From twice
 >From inside

From bob@x.test Fri Jan  2 03:04:06 2026
Subject: two

last line

`;

test('reads what mutt and procmail write, and undoes the quoting', () => {
  expect(read([MBOX])).toEqual([
    ['ada@x.test', 'Subject: one\n\nFrom here on it is text.\nFrom the beginning\n>From twice\n >From inside\n'],
    ['bob@x.test', 'Subject: two\n\nlast line\n'],
  ]);
});

test('in mboxo, only lines that it quotes are unquoted', () => {
  expect(read(['From a@x Fri\n\n>From one\n>>From two\n\n'], 'mboxo')).toEqual([['a@x', '\nFrom one\n>>From two\n']]);
});

test('an mbox cut into pieces anywhere gives the same mails', () => {
  for (const mbox of [MBOX, MBOX.replaceAll('\n', '\r\n')]) {
    const whole = read([mbox]);
    for (let cut = 0; cut <= mbox.length; cut++) {
      expect([cut, read([mbox.slice(0, cut), mbox.slice(cut)])]).toEqual([cut, whole]);
    }
    expect(read([...mbox])).toEqual(whole);
  }
});

test.each([
  ['nothing', '', []],
  ['empty lines', '\n\n', []],
  ['a mail of no octets', 'From a@x Fri\n\n', [['a@x', '']]],
  ['no line end at the end', 'From a@x Fri\nSubject: x', [['a@x', 'Subject: x']]],
  ['no empty line at the end', 'From a@x Fri\nSubject: x\n\ntext\n', [['a@x', 'Subject: x\n\ntext\n']]],
  [
    'a sender that nobody knows',
    'From MAILER-DAEMON Fri 03:04\n\nFrom - Fri 03:04\n\n',
    [
      [null, ''],
      [null, ''],
    ],
  ],
  ['a sender that is none', 'From <a@x> Fri\n\n', [[null, '']]],
])('%s', (_, mbox, mails) => {
  expect(read([mbox])).toEqual(mails);
});

test('a file that is not an mbox is rejected with its first line', () => {
  expect(() => read(['Subject: x\n\ntext\n'])).toThrow('first line must begin with "From ", got "Subject: x"');
});

describe('written and read again', () => {
  const line = fc.constantFrom(
    'From ',
    'From x 03:04',
    '>From ',
    '>>From x',
    'From',
    'x',
    '',
    '.',
    '\r',
    '\xff\0',
    ' From ',
  );
  const ending = fc.constantFrom('\n', '\r\n');
  const mail = fc.array(fc.tuple(line, ending)).map((lines) => lines.flat().join(''));

  test('mails with a final line end are the same, octet for octet', () => {
    fc.assert(
      fc.property(fc.array(mail, { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), (mails, size) => {
        const mbox = Buffer.concat(mails.map((raw) => toMbox(Buffer.from(raw, 'latin1'), 'a@x.test', at)));
        const pieces = Array.from({ length: Math.ceil(mbox.length / size) }, (_, i) =>
          mbox.subarray(i * size, i * size + size),
        );
        expect(read(pieces)).toEqual(mails.map((raw) => ['a@x.test', raw]));
      }),
    );
  });

  test('a mail without a final line end gets one', () => {
    expect(read([toMbox(Buffer.from('Subject: x\r\n\r\ntext'), 'a@x.test', at)])).toEqual([
      ['a@x.test', 'Subject: x\r\n\r\ntext\n'],
    ]);
  });

  test('the separator has the form that other programs expect', () => {
    expect(toMbox(Buffer.from('x\n'), '', at).toString()).toBe('From MAILER-DAEMON Fri Jan  2 03:04:05 2026\nx\n\n');
    expect(toMbox(Buffer.from('x\n'), 'a b@x.test', at).toString()).toMatch(/^From a_b@x\.test Fri/);
  });
});

test('a mail that is too large is only reported', () => {
  const mails = ['small', 'x'.repeat(100), 'small'].map((text) => toMbox(Buffer.from(`\n${text}\n`), 'a@x.test', at));
  for (const size of [1, 1000]) {
    const all = Buffer.concat(mails);
    const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
      all.subarray(i * size, (i + 1) * size),
    );
    expect(read(pieces, 'mboxrd', 50)).toEqual([
      ['a@x.test', '\nsmall\n'],
      ['a@x.test', undefined],
      ['a@x.test', '\nsmall\n'],
    ]);
  }
});

test('a line longer than any separator is text, and takes linear time', () => {
  const MIB = 1024 * 1024;
  const chunk = Buffer.alloc(MIB, '>');
  const reader = new MboxReader('mboxrd', 100);
  const before = process.cpuUsage();
  const mails = [reader.push(Buffer.from('From a@x Fri 1:11\nFrom '))];
  // Joining at each piece would copy 80 GB.
  for (let i = 0; i < 400; i++) mails.push(reader.push(chunk));
  mails.push(reader.push(Buffer.from('\n\nFrom b@x Fri 1:11\n\ntext\n\n')), reader.end());
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  expect(mails.flat().map(({ sender, raw }) => [sender, raw?.toString()])).toEqual([
    ['a@x', undefined],
    ['b@x', '\ntext\n'],
  ]);
});

test('the beginning of an overlong line is not a separator', () => {
  const long = Buffer.alloc(17 * 1024 * 1024, '1:11 ');
  const [first, ...others] = read(['From a@x Fri 1:11\n\nFrom ', long, 'From \nFrom \n']);
  expect(others).toEqual([]);
  expect(first?.[1]?.length).toBe('\nFrom '.length + long.length + 'From \nFrom \n'.length);
});
