import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonPieces } from '../../server/http/answer/send-json.ts';

const PIECE = 65_536;
/** A control character is six chars of JSON. */
const LONGEST = 6 * PIECE;

test('the pieces are the JSON text of any value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const long = { value, text: 'a'.repeat(PIECE), gone: undefined, list: [value, undefined, []], none: {} };
      expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
      expect([...jsonPieces(long)].join('')).toBe(JSON.stringify(long));
    }),
  );
});

test('a long text is cut, but not inside a surrogate pair', () => {
  for (const text of ['\x01', '\u{1f600}', 'x\u{1f600}', '\ud800', '"\\'].map((some) => some.repeat(200_000))) {
    const pieces = [...jsonPieces({ text })];
    expect(pieces.join('')).toBe(JSON.stringify({ text }));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(LONGEST);
  }
});

test('items of a long list are produced one by one', () => {
  const made: number[] = [];
  const items = function* () {
    for (let i = 0; i < 3; i++) {
      made.push(i);
      yield { i };
    }
  };
  const counts: number[] = [];
  let text = '';
  for (const piece of jsonPieces({ items: items(), more: null })) {
    text += piece;
    counts.push(made.length);
  }
  expect(text).toBe('{"items":[{"i":0},{"i":1},{"i":2}],"more":null}');
  expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]));
});
