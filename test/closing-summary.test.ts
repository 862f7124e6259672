import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closingLines } from './closing-summary.ts';

const folder = join(import.meta.dirname, 'closing-summary.fixture');
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');

/** Runs the fixtures with these names in a separate vitest. */
function run(...names: readonly string[]): Promise<{ code: number; lines: readonly string[] }> {
  const files = names.map((name) => `${name}.fixture.ts`);
  const args = [vitest, 'run', '--config', join(folder, 'vitest.config.ts'), ...files];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, lines: stdout.trim().split('\n') });
    });
  });
}

test.concurrent('several files that pass', async () => {
  const { code, lines } = await run('passes', 'needs');
  expect(lines).toEqual([
    'not run, because no-such-program is not installed:',
    '  needs.fixture.ts > is left out',
    'not run, because no-such-program and nor-this are not installed:',
    '  needs.fixture.ts > is left out, too',
    '3 passed, 0 failed, 2 skipped',
  ]);
  expect(code).toBe(0);
});

test.concurrent('a failed test, a hook that throws and a file that does not load each count as failed', async () => {
  const { code, lines } = await run('passes', 'fails', 'broken');
  expect(lines.at(-1)).toBe('1 passed, 3 failed, 1 skipped');
  expect(code).toBe(1);
});

test.concurrent('a rejection that nobody handles counts as failed', async () => {
  const { code, lines } = await run('unhandled');
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  expect(code).toBe(1);
});

test.concurrent('a test cannot be skipped without a reason', async () => {
  const { code, lines } = await run('silent');
  expect(lines).toEqual([
    'not run, and no reason given:',
    '  silent.fixture.ts > left out without a word',
    'this run counts as failed: skipped without a reason: silent.fixture.ts > left out without a word',
    '1 passed, 0 failed, 1 skipped',
  ]);
  expect(code).toBe(1);
});

test.concurrent('a run without tests is not a success', async () => {
  const { code, lines } = await run('of-no-such-file');
  expect(lines.slice(-2)).toEqual(['this run counts as failed: no test passed', '0 passed, 0 failed, 0 skipped']);
  expect(code).toBe(1);
});

test('an interrupted run counts as failed', () => {
  const tally = { passed: 3, failed: 0, skipped: [], filtered: false, interrupted: true };
  expect(closingLines(tally)).toEqual([
    'this run counts as failed: the run was broken off',
    '3 passed, 0 failed, 0 skipped',
  ]);
});

test('tests skipped by a filter need no reason', () => {
  const skipped = [{ name: 'other', reason: null }];
  const tally = { passed: 1, failed: 0, skipped, filtered: true, interrupted: false };
  expect(closingLines(tally)).toEqual(['1 passed, 0 failed, 1 skipped']);
});
