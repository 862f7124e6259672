import { type After, afterTimeout } from './after.ts';
import type { Store } from './store.ts';

interface ExpiryOptions {
  /** How old a mail may become, in milliseconds. */
  readonly age: number;
  readonly now: () => Date;
  readonly report: (error: unknown) => void;
  readonly after?: After;
}

/** A clock may be put forward, and timers stand still while a machine sleeps: so often, at least, it is looked at. */
const LONGEST_MS = 60_000;
/** Timers may be a little early: then it is tried again, but not at once. */
const SHORTEST_MS = 10;

/**
 * Takes away each mail when it has reached its age. Resolves when those are gone that had reached it already.
 * What comes after a look can't be too old before that time has passed again, so nothing but the clock is listened to.
 */
export async function startExpiry(store: Store, options: ExpiryOptions): Promise<Disposable> {
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
