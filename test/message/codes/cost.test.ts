import { describe, expect, test } from 'vitest';
import { codesOf } from '../../../server/message/codes/codes.ts';
import { cpuMs, least } from '../../cpu.ts';
import { texts } from './worst-texts.ts';

/** Limit, as a multiple of the CPU time for counting the chars of the text; the worst text takes less than half. */
const MOST = 40;

/** Both are measured alternately, so that a slow machine affects both. The long texts reveal quadratic work. */
describe.each([
  { size: 5 * 1024, repetitions: 20 },
  { size: 256 * 1024, repetitions: 1 },
])('$size chars cost little CPU time', ({ size, repetitions }) => {
  test.each(texts(size))('$name', async ({ text }) => {
    const spent = (work: () => unknown) =>
      cpuMs(() => {
        for (let n = 0; n < repetitions; n++) work();
      });
    const look = () => codesOf({ subject: 'Your verification code', text, html: null });
    await spent(look);
    const ratio = async () => (await spent(look)) / (await spent(() => countChars(text)));
    expect(await least(MOST, ratio)).toBeLessThan(MOST);
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
