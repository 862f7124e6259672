import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { ClosingSummary } from './test/closing-summary.ts';

/** Those that measure CPU time, which is more while another core is busy, or hear from a page that has deadlines. */
const alone = readdirSync(join(import.meta.dirname, 'test'), { recursive: true, encoding: 'utf8' })
  .map((path) => join('test', path))
  .filter((path) => path.endsWith('.test.ts') && isAlone(join(import.meta.dirname, path)));

function isAlone(path: string): boolean {
  return /\/(?:cpu|probed-server)\.ts'|\bhostilePage\b/.test(readFileSync(path, 'utf8'));
}

/** What a browser is needed for, in a run that is to do without. */
function leftOut(mode: string): readonly string[] {
  return mode === 'without-browser' ? ['test/e2e/**'] : [];
}

export default defineConfig(({ mode }) => ({
  oxc: { target: 'es2023' },
  test: {
    // The tests of chance at length; `test/soak.ts` says what it does.
    env: mode === 'soak' ? { MAILSTOP_TEST_EFFORT: process.env['MAILSTOP_TEST_EFFORT'] || '20' } : {},
    // A machine that does other things, too, takes several times as long as one that does not.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', ...(process.env['GITHUB_ACTIONS'] ? ['github-actions'] : []), new ClosingSummary()],
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...configDefaults.exclude, ...alone, ...leftOut(mode)],
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'one by one',
          include: alone,
          exclude: [...configDefaults.exclude, ...leftOut(mode)],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
}));
