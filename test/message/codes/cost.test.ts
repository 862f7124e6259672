import { expect, test } from 'vitest';
import { codesOf } from '../../../server/message/codes/codes.ts';
import { cpuMs, least } from '../../cpu.ts';
import { texts } from './worst-texts.ts';

const TARGET_MS = 0.3;
/**
 * On a machine with 20 processes at work it is five times as much; `npm run bench` holds it to the target. What tries
 * everything again at each character costs hundreds of times as much.
 */
const GENEROUS = 10;
const REPETITIONS = 50;

const read = (text: string) => codesOf({ subject: 'Your verification code', text, html: null });

test.each(texts(5 * 1024))('5 KB cost little CPU time: $name', async ({ text }) => {
  const often = () => {
    for (let n = 0; n < REPETITIONS; n++) read(text);
  };
  await cpuMs(often);
  const limit = REPETITIONS * GENEROUS * TARGET_MS;
  expect(await least(limit, () => cpuMs(often))).toBeLessThan(limit);
});

test.each(texts(1024 * 1024))('1 MB cost no more than 200 times that: $name', async ({ text }) => {
  const limit = 200 * GENEROUS * TARGET_MS;
  expect(await least(limit, () => cpuMs(() => read(text)))).toBeLessThan(limit);
});
