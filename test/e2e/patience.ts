import { vi } from 'vitest';

/** In milliseconds. Longer than any step takes, shorter than the whole test may. */
const STEP = 60_000;

/** For test files with a browser or a compiler, which are slow on a busy machine. */
export function bePatient(): void {
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: STEP } } });
}
