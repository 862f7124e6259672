import { defineConfig } from 'vitest/config';
import { ClosingSummary } from './test/closing-summary.ts';

export default defineConfig({
  oxc: { target: 'es2023' },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 60_000,
    reporters: ['default', ...(process.env['GITHUB_ACTIONS'] ? ['github-actions'] : []), new ClosingSummary()],
  },
});
