import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { target: 'es2023' },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 20_000,
  },
});
