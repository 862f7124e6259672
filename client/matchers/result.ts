import { quoted } from './lines.ts';

/** What a matcher returns, in Vitest, Jest and Playwright alike. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a framework passes to a matcher as `this`. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined;
  /** Only in Playwright: how long an assertion waits, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** Describes in words what `expect` was wrongly given. */
export function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a promise, which was not awaited,';
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? quoted(value) : String(value);
  return 'waitFor' in value ? 'a mailbox' : Array.isArray(value) ? 'a list' : 'what expect() was given';
}
