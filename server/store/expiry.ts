import { type After, afterTimeout } from './after.ts';
import type { Upkeep } from './upkeep.ts';

interface ExpiryOptions {
  /** Maximum age of a mail, in milliseconds. */
  readonly age: number;
  readonly now: () => Date;
  readonly report: (error: unknown) => void;
  readonly after?: After;
}

/** Check at least this often: the clock may be set forward, and timers stop while the machine sleeps. */
const LONGEST_MS = 60_000;
/** Timers may fire a little early; then retry, but not immediately. */
const SHORTEST_MS = 10;

/**
 * Expires each mail when it reaches the maximum age. Resolves when the mails that are already too old are gone.
 * Mail that arrives after a check can't be too old before the next one, so a timer is enough.
 */
export async function startExpiry(store: Pick<Upkeep, 'expire'>, options: ExpiryOptions): Promise<Disposable> {
  const { age, now, report, after = afterTimeout } = options;
  let stopped = false;
  let callOff = () => {};
  const work = async () => {
    const oldest = await store.expire(new Date(now().getTime() - age)).catch((error: unknown) => {
      report(error);
      return null;
    });
    if (stopped) return;
    const left = oldest === null ? age : oldest.getTime() + age - now().getTime();
    callOff = after(Math.min(Math.max(left, SHORTEST_MS), LONGEST_MS), () => void work());
  };
  await work();
  return {
    [Symbol.dispose]() {
      stopped = true;
      callOff();
    },
  };
}
