import { defineConfig } from 'vitest/config';
import { ClosingSummary } from './test/closing-summary.ts';

export default defineConfig(({ mode }) => ({
  oxc: { target: 'es2023' },
  test: {
    // The tests of chance at length; `test/soak.ts` says what it does.
    env: mode === 'soak' ? { MAILSTOP_TEST_EFFORT: process.env['MAILSTOP_TEST_EFFORT'] || '20' } : {},
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // A machine that does other things, too, takes several times as long as one that does not.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', ...(process.env['GITHUB_ACTIONS'] ? ['github-actions'] : []), new ClosingSummary()],
  },
}));
