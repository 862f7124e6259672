import { type TestFunction, test } from 'vitest';
import { findChromium } from './find-browser.ts';
import { findProgram } from './find-program.ts';

type Test = (name: string, body: TestFunction, timeout?: number) => void;

/**
 * A test that needs programs which a machine may lack. If one is missing, the test is skipped with the reason, and the
 * closing summary says what was skipped and why.
 *
 *     needs('curl')('curl delivers a mail', async () => { ... });
 *
 * `chromium` stands for whatever browser `findChromium` finds.
 */
export function needs(...programs: readonly string[]): Test {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return test;
  const reason = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
  return (name) => test(name, ({ skip }) => skip(reason));
}

function isInstalled(program: string): boolean {
  return program === 'chromium' ? findChromium() !== null : findProgram([program]) !== null;
}
