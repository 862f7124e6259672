import { defineConfig } from 'vitest/config';
import { ClosingSummary } from '../closing-summary.ts';

export default defineConfig({
  oxc: { target: 'es2023' },
  test: { root: import.meta.dirname, include: ['*.fixture.ts'], reporters: [new ClosingSummary()] },
});
