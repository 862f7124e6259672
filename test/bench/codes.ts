import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { cpuMeter } from '../cpu.ts';
import { texts } from '../message/codes/worst-texts.ts';
import type { Figure } from './figure.ts';

type Codes = typeof import('../../server/message/codes/codes.ts');

const ROUNDS = 5;
const REPETITIONS = 200;

/** CPU time to look for one-time codes in 5 KB, of the text that takes longest; stderr has them all. */
export async function measureCodes(): Promise<Figure[]> {
  const { codesOf } = await built();
  const measured = texts(5 * 1024).map(({ name, text }) => {
    const msEach = () => {
      const spent = cpuMeter();
      for (let n = 0; n < REPETITIONS; n++) codesOf({ subject: 'Your verification code', text, html: null });
      return spent() / REPETITIONS;
    };
    msEach();
    const value = Math.min(...Array.from({ length: ROUNDS }, msEach));
    console.error(`  codes in 5 KB, ${name}: ${value.toFixed(3)} ms`);
    return { name, value };
  });
  const worst = measured.reduce((a, b) => (b.value > a.value ? b : a));
  const expected = { at: 'most', limit: 0.3 } as const;
  return [{ name: `codes per 5 KB (${worst.name})`, unit: 'ms', value: worst.value, against: null, expected }];
}

/** The published build, since the loader of this process instruments every function. */
async function built(): Promise<Codes> {
  const input = fileURLToPath(new URL('../../server/message/codes/codes.ts', import.meta.url));
  const { output } = await build({ input, platform: 'node', write: false });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
