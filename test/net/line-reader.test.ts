import { describe, expect, test } from 'vitest';
import { LineReader } from '../../server/net/line-reader.ts';

/** All available lines; null for an overlong one. */
function take(reader: LineReader): (string | null)[] {
  const lines: (string | null)[] = [];
  for (let line = reader.next(); line !== null; line = reader.next())
    lines.push(line.type === 'line' ? line.text : null);
  return lines;
}

describe('LineReader', () => {
  const stream = Buffer.from('USER bob\r\n\r\nbare\nPASS \xe9\r\r\nthis one is far too long\r\nQUIT\r\nrest', 'latin1');
  const lines = ['USER bob', '', 'bare', 'PASS \xe9\r', null, 'QUIT'];

  test('a stream cut anywhere gives the same lines', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const reader = new LineReader(16);
      reader.push(stream.subarray(0, cut));
      const before = take(reader);
      reader.push(stream.subarray(cut));
      expect([...before, ...take(reader)], `cut at ${cut}`).toEqual(lines);
    }
  });

  test('so does one that arrives octet by octet', () => {
    const reader = new LineReader(16);
    const taken = [...stream].flatMap((octet) => {
      reader.push(Buffer.from([octet]));
      return take(reader);
    });
    expect(taken).toEqual(lines);
  });

  test('the line end counts towards the limit', () => {
    const reader = new LineReader(6);
    reader.push(Buffer.from('1234\r\n12345\r\n12345\n123456\n'));
    expect(take(reader)).toEqual(['1234', null, '12345', null]);
  });

  test('a line without an end is not kept, and reported once', () => {
    const reader = new LineReader(255);
    for (let i = 0; i < 1000; i++) {
      reader.push(Buffer.alloc(1000, 'x'));
      expect(reader.next()).toBeNull();
    }
    reader.push(Buffer.from('\nNOOP\r\n'));
    expect(take(reader)).toEqual([null, 'NOOP']);
  });

  test('the limit may change from one line to the next', () => {
    const reader = new LineReader(8);
    reader.push(Buffer.from('short\r\nthis is longer\r\nthis is longer\r\n'));
    expect(reader.next()).toEqual({ type: 'line', text: 'short' });
    reader.limit = 100;
    expect(reader.next()).toEqual({ type: 'line', text: 'this is longer' });
    reader.limit = 8;
    expect(reader.next()).toEqual({ type: 'too-long', begin: 'this is longer\r' });
    reader.push(Buffer.from('first'.repeat(20)));
    expect(reader.next()).toBeNull();
    reader.push(Buffer.from('and the rest\r\n'));
    expect(reader.next()).toEqual({ type: 'too-long', begin: 'first'.repeat(7).slice(0, 32) });
  });

  test('discarded input does not come back', () => {
    const reader = new LineReader(8);
    reader.push(Buffer.from('STLS\r\nNOOP\r\nfar too long'));
    expect(reader.next()).toEqual({ type: 'line', text: 'STLS' });
    expect(reader.next()).toEqual({ type: 'line', text: 'NOOP' });
    expect(reader.next()).toBeNull();
    reader.discard();
    reader.push(Buffer.from('CAPA\r\n'));
    expect(take(reader)).toEqual(['CAPA']);
  });
});
