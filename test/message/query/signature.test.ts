import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, mayHold, signatureOf } from '../../../server/message/query/signature.ts';

test('a part of a text is never ruled out', () => {
  const cut = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(), fc.nat())
    .map(([text, from, length]) => {
      const start = from % (text.length + 1);
      return [text, text.slice(start, start + (length % 20))] as const;
    });
  fc.assert(
    fc.property(cut, ([text, part]) => {
      expect(mayHold(signatureOf(text), bitsOf(part))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('most other strings are ruled out without searching the text', () => {
  const text = Array.from({ length: 600 }, (_, i) => `word${(i * 7919) % 1000}`).join(' ');
  const signature = signatureOf(text);
  const absent = Array.from({ length: 1000 }, (_, i) => `needle-${i}`);
  expect(absent.filter((term) => mayHold(signature, bitsOf(term))).length).toBeLessThan(10);
});

test('a term that is too short rules nothing out', () => {
  for (const term of ['', 'a', 'ab']) expect(mayHold(signatureOf('xyz'), bitsOf(term))).toBe(true);
});
