import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataReader } from '../../server/smtp/data.ts';

const END = '\r\n.\r\n';

interface Read {
  readonly mail: string;
  readonly rest: string | null;
  readonly undoubledDot: boolean;
}

function read(chunks: readonly string[], maxOctets = Number.POSITIVE_INFINITY): Read {
  const reader = new DataReader(maxOctets);
  let rest: string | null = null;
  for (const chunk of chunks) {
    if (rest !== null) rest += chunk;
    else rest = reader.push(Buffer.from(chunk, 'latin1'))?.toString('latin1') ?? null;
  }
  return { mail: mailOf(reader).toString('latin1'), rest, undoubledDot: reader.undoubledDot };
}

function mailOf(reader: DataReader): Buffer {
  const making = reader.octets();
  for (;;) {
    const step = making.next();
    if (step.done) return step.value;
  }
}

function cutEverywhere(stream: string, expected: Partial<Read>): void {
  for (let cut = 0; cut <= stream.length; cut++)
    expect(read([stream.slice(0, cut), stream.slice(cut)]), `cut at ${cut}`).toMatchObject(expected);
  expect(read([...stream]), 'octet by octet').toMatchObject(expected);
}

describe('the end of the data (RFC 5321 §4.1.1.4)', () => {
  test('the line end before the last dot belongs to the mail', () =>
    cutEverywhere(`Subject: x\r\n\r\nHello${END}`, { mail: 'Subject: x\r\n\r\nHello\r\n', rest: '' }));
  test('an empty mail', () => cutEverywhere('.\r\n', { mail: '', rest: '' }));
  test('an empty line', () => cutEverywhere(`${END}`, { mail: '\r\n', rest: '' }));
  test('what follows is returned', () => cutEverywhere(`a${END}QUIT\r\n`, { mail: 'a\r\n', rest: 'QUIT\r\n' }));
  test('no end yet', () => cutEverywhere('a\r\n.', { mail: 'a\r\n', rest: null }));
  test('CR before the last line end', () => cutEverywhere(`a\r${END}`, { mail: 'a\r\r\n', rest: '' }));
});

describe('doubled dots (RFC 5321 §4.5.2)', () => {
  for (const [sent, mail] of [
    ['..', '.'],
    ['...', '..'],
    ['..a\r\n..\r\n...b', '.a\r\n.\r\n..b'],
    ['a\r\n..\r\n..\r\n', 'a\r\n.\r\n.\r\n'],
    ['a.\r\nb..c', 'a.\r\nb..c'],
  ] as const)
    test(JSON.stringify(sent), () => cutEverywhere(sent + END, { mail: `${mail}\r\n`, rest: '', undoubledDot: false }));
});

test('a dot that the client forgot to double is kept, with a warning', () => {
  cutEverywhere(`.a\r\n.\rb${END}`, { mail: '.a\r\n.\rb\r\n', rest: '', undoubledDot: true });
});

describe('bare CR or LF do not end the mail', () => {
  for (const odd of [
    '\n.\n',
    '\n.\r\n',
    '\r\n.\n',
    '\r.\r',
    '\r.\r\n',
    '\r\n.\r',
    '\r\n\0.\r\n',
    '\r\n.\0\r\n',
    '\n..\n',
  ])
    test(JSON.stringify(odd), () => {
      cutEverywhere(`a${odd}MAIL FROM:<b@x.test>${END}`, { mail: `a${odd}MAIL FROM:<b@x.test>\r\n`, rest: '' });
    });
});

describe('the limit', () => {
  test('exactly at it', () => {
    const reader = new DataReader(5);
    reader.push(Buffer.from(`abc${END}`));
    expect(reader).toMatchObject({ size: 5, tooLarge: false });
    expect(mailOf(reader).toString()).toBe('abc\r\n');
  });
  test('removed dots do not count', () => {
    const reader = new DataReader(3);
    reader.push(Buffer.from(`..${END}`));
    expect(reader).toMatchObject({ size: 3, tooLarge: false });
  });
  test('one over it: nothing is kept, but the end is found', () => {
    const reader = new DataReader(5);
    expect(reader.push(Buffer.from(`abcd${END}x`))?.toString()).toBe('x');
    expect(reader).toMatchObject({ size: 6, tooLarge: true });
    expect(mailOf(reader)).toHaveLength(0);
  });
});

test('any mail comes back, however the stream is cut', () => {
  const piece = fc.constantFrom('\r', '\n', '\r\n', '.', '..', 'a', '\0', 'é', '\r\n.', '\r\n..');
  const cuts = fc.array(fc.nat(60), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), cuts, (pieces, at) => {
      const mail = `${pieces.join('')}\r\n`;
      const stream = `${mail.replace(/(^|\r\n)\./g, '$1..')}.\r\n`;
      const chunks: string[] = [];
      let from = 0;
      for (const to of [...at, stream.length].sort((a, b) => a - b)) {
        chunks.push(stream.slice(from, to));
        from = Math.max(from, to);
      }
      expect(read([...chunks, 'NOOP'])).toEqual({ mail, rest: 'NOOP', undoubledDot: false });
    }),
    { numRuns: 2000 },
  );
});
