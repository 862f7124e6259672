import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { ClosingSummary } from './test/closing-summary.ts';

/** Tests that run alone: they measure CPU time, which grows if other cores are busy, or use a page with deadlines. */
const alone = readdirSync(join(import.meta.dirname, 'test'), { recursive: true, encoding: 'utf8' })
  .map((path) => join('test', path))
  .filter((path) => path.endsWith('.test.ts') && isAlone(join(import.meta.dirname, path)));

function isAlone(path: string): boolean {
  return /\/(?:cpu|probed-server)\.ts'|\bhostilePage\b/.test(readFileSync(path, 'utf8'));
}

/** Tests that need a browser, for a run without one. */
function leftOut(mode: string): readonly string[] {
  return mode === 'without-browser' ? ['test/e2e/**'] : [];
}

export default defineConfig(({ mode }) => ({
  oxc: { target: 'es2023' },
  test: {
    // Longer property tests; see `test/soak.ts`.
    env: mode === 'soak' ? { MAILSTOP_TEST_EFFORT: process.env['MAILSTOP_TEST_EFFORT'] || '20' } : {},
    // Generous: on a busy machine tests take several times as long.
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
