import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stuffed, top, wireSize } from '../../server/pop3/octets.ts';
import { CHUNK, multiLine } from '../../server/pop3/reply.ts';

const wire = (mail: string | Buffer) => Buffer.concat([...stuffed(Buffer.from(mail))]).toString('latin1');

/** The result of work that yields in between. */
function result<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** A multi-line reply as read by a client: the lines after the first, up to the terminator, with dots unstuffed. */
function unstuff(reply: string): string {
  const lines = reply.split('\r\n');
  const end = lines.indexOf('.');
  expect(lines.slice(end)).toEqual(['.', '']);
  return lines
    .slice(1, end)
    .map((line) => `${line.startsWith('.') ? line.slice(1) : line}\r\n`)
    .join('');
}

/** A mail as POP3 may change it: with CRLF line ends, and one at the end. */
const asLines = (mail: string) => mail.replace(/(?<!\r)\n/g, '\r\n').replace(/(?<!\n)$/, mail === '' ? '' : '\r\n');

describe('byte-stuffing', () => {
  test.each([
    ['nothing', '', ''],
    ['a plain mail', 'a: b\r\n\r\nc\r\n', 'a: b\r\n\r\nc\r\n'],
    ['a dot on the first line', '.a\r\n', '..a\r\n'],
    ['a lone dot', '.\r\n', '..\r\n'],
    ['dots on every line', '.\r\n..\r\n.a.\r\n', '..\r\n...\r\n..a.\r\n'],
    ['a dot at the very end', 'a\r\n.', 'a\r\n..\r\n'],
    ['a dot after a bare LF', 'a\n.b\r\n', 'a\r\n..b\r\n'],
    ['a terminator of bare LFs', 'a\n.\nb\n', 'a\r\n..\r\nb\r\n'],
    ['a bare CR', 'a\r.\rb\r\n', 'a\r.\rb\r\n'],
    ['two CRs', 'a\r\r\n.b\r\n', 'a\r\r\n..b\r\n'],
    ['a CR at the end', 'a\r', 'a\r\r\n'],
    ['no line end', 'a', 'a\r\n'],
    ['NUL and 8-bit', 'a\0\xff\r\n', 'a\0\xff\r\n'],
  ])('%s', (_, mail, expected) => {
    expect(wire(Buffer.from(mail, 'latin1'))).toBe(expected);
  });

  const mails = fc
    .array(fc.constantFrom('.', '\r', '\n', '\r\n', 'a', '\r\n.', '\n.', '\r\n.\r\n', '\0'), { maxLength: 40 })
    .map((pieces) => pieces.join(''));

  test('a client gets back every mail, and its size is what LIST says', () => {
    fc.assert(
      fc.property(mails, (mail) => {
        const raw = Buffer.from(mail);
        const got = unstuff(Buffer.concat([...multiLine('here it is', stuffed(raw))]).toString());
        expect(got).toBe(asLines(mail));
        expect(result(wireSize(raw))).toBe(got.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('a mail that needs no change is not copied', () => {
    const raw = Buffer.from('a\r\n'.repeat(100_000));
    const blocks = [...stuffed(raw)];
    expect(blocks.every(({ buffer }) => buffer === raw.buffer)).toBe(true);
    expect(Buffer.concat(blocks).equals(raw)).toBe(true);
  });

  test.each(['.\n', '\n', '.', '\r\n.\r\n', 'a\r\n'])('mails of many %j are right wherever a block ends', (line) => {
    for (let more = 0; more < 4; more++) {
      const mail = `${'x'.repeat(more)}${line.repeat(40_000)}`;
      const raw = Buffer.from(mail);
      expect(wire(mail)).toBe(asLines(mail).replace(/(^|\n)\./g, '$1..'));
      expect(result(wireSize(raw))).toBe(asLines(mail).length);
      expect(result(top(raw, 1e9)).equals(raw)).toBe(true);
    }
  });

  test('there are no more pieces than blocks, whatever the mail contains', () => {
    for (const line of ['.\n', '\n', '.', 'a\r\n'])
      expect([...stuffed(Buffer.alloc(3_000_000, line))].length).toBeLessThan(100);
  });
});

describe('a multi-line reply', () => {
  test('that fits goes out in one chunk, terminator and all', () => {
    const chunks = [...multiLine('here it is', stuffed(Buffer.alloc(CHUNK - 100, 'a\r\n')))];
    expect(chunks.length).toBe(1);
  });

  test.each([-4, -3, -2, -1, 0, 1, 2, 3, 4])(
    'is complete if it is a chunk and %i octets long, including its end',
    (more) => {
      const mail = Buffer.concat([
        Buffer.alloc(CHUNK + more - '+OK x\r\n'.length - '\r\n'.length, 'a'),
        Buffer.from('\r\n'),
      ]);
      const chunks = [...multiLine('x', stuffed(mail))];
      expect(Buffer.concat(chunks).toString()).toBe(`+OK x\r\n${mail}.\r\n`);
      expect(chunks.every((chunk) => chunk.length <= CHUNK + 4)).toBe(true);
      expect(chunks.at(-1)?.toString()).toMatch(/\r\n\.\r\n$/);
    },
  );
});

test('nothing is lost between chunks, whatever the pieces of a mail', () => {
  const near = (octets: number) => fc.integer({ min: Math.max(1, octets - 3), max: octets + 3 });
  const piece = fc.oneof(near(2), near(CHUNK / 2), near(CHUNK), near(2 * CHUNK));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (sizes) => {
      const pieces = [...sizes.map((size, index) => Buffer.alloc(size, `${index}`)), Buffer.from('\r\n')];
      const chunks = [...multiLine('x', pieces)];
      const whole = Buffer.concat([Buffer.from('+OK x\r\n'), ...pieces, Buffer.from('.\r\n')]);
      expect(Buffer.concat(chunks).equals(whole)).toBe(true);
      expect(chunks.every((chunk) => chunk.length <= CHUNK + 4)).toBe(true);
      expect(chunks.at(-1)?.subarray(-5).toString()).toBe('\r\n.\r\n');
    }),
    { numRuns: 300 },
  );
});

describe('TOP', () => {
  const mail = 'a: 1\r\nb: 2\r\n\r\none\r\n.two\r\n\r\nfour';
  test.each([
    [0, 'a: 1\r\nb: 2\r\n\r\n'],
    [1, 'a: 1\r\nb: 2\r\n\r\none\r\n'],
    [3, 'a: 1\r\nb: 2\r\n\r\none\r\n.two\r\n\r\n'],
    [4, mail],
    [99_999_999, mail],
    [Number.POSITIVE_INFINITY, mail],
  ])('%d lines of the body', (lines, expected) => {
    expect(result(top(Buffer.from(mail), lines)).toString()).toBe(expected);
  });

  test.each([
    ['bare LFs', 'a: 1\n\none\ntwo\n', 'a: 1\n\none\n'],
    ['no body', 'a: 1\r\nb: 2\r\n', 'a: 1\r\nb: 2\r\n'],
    ['no header', '\r\none\r\ntwo\r\n', '\r\none\r\n'],
    ['nothing at all', '', ''],
  ])('a mail with %s', (_, mail, expected) => {
    expect(result(top(Buffer.from(mail), 1)).toString()).toBe(expected);
  });
});
