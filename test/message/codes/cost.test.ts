import { expect, test } from 'vitest';
import { codesOf } from '../../../server/message/codes/codes.ts';
import { cpuMs, texts } from './worst-texts.ts';

const TARGET_MS = 0.3;
/** Other tests share the processor's caches. */
const GENEROUS = 4;
const REPETITIONS = 200;

const read = (text: string) => codesOf({ subject: 'Your verification code', text, html: null });

test.each(texts(5 * 1024))('5 KB cost little CPU time: $name', ({ text }) => {
  cpuMs(() => read(text), REPETITIONS);
  expect(cpuMs(() => read(text), REPETITIONS)).toBeLessThan(GENEROUS * TARGET_MS);
});

test.each(texts(1024 * 1024))('1 MB cost no more than 200 times that: $name', ({ text }) => {
  expect(cpuMs(() => read(text), 2)).toBeLessThan(200 * GENEROUS * TARGET_MS);
});
