import { describe, expect, test } from 'vitest';
import { codesOf } from '../../../server/message/codes/codes.ts';
import { cpuMs, texts } from './worst-texts.ts';

/** How many times the CPU time of counting the chars of the same text; the worst text takes less than half of it. */
const MOST = 40;
const ROUNDS = 5;

/** Both are measured by turns, so that a slow or busy machine slows both. What is quadratic shows in the long texts. */
describe.each([
  { size: 5 * 1024, repetitions: 20 },
  { size: 256 * 1024, repetitions: 1 },
])('$size chars cost little CPU time', ({ size, repetitions }) => {
  test.each(texts(size))('$name', ({ text }) => {
    const look = () => codesOf({ subject: 'Your verification code', text, html: null });
    let [looking, counting] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < ROUNDS; round++) {
      looking = Math.min(looking, cpuMs(look, repetitions));
      counting = Math.min(
        counting,
        cpuMs(() => countChars(text), repetitions),
      );
    }
    expect(looking / counting).toBeLessThan(MOST);
  });
});

function countChars(text: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}
