import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a lane may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 8;

interface Lanes {
  /** How many items are worked on at once. */
  readonly width: number;
  /** Each of them ends it; what is under way then is abandoned. */
  readonly until: readonly (AbortSignal | undefined)[];
}

/**
 * Works on all items, a few at a time and in their order, until everything is done or time is up. Gives way to others
 * in between, since work that finds everything at hand would never leave the current turn of the event loop.
 * @returns the items whose work has not ended
 */
export async function inLanes<T>(
  items: Iterable<T>,
  { width, until }: Lanes,
  work: (item: T) => Promise<void>,
): Promise<ReadonlySet<T>> {
  const open = new Set(items);
  const next = [...open].values();
  let over = false;
  let pause = performance.now() + SLICE_MS;
  const lane = async () => {
    for (const item of next) {
      if (over) return;
      await work(item);
      if (over) return;
      open.delete(item);
      if (performance.now() < pause) continue;
      await nextTurn();
      pause = performance.now() + SLICE_MS;
    }
  };
  await doneOrAborted(until, () => Promise.all(Array.from({ length: width }, lane))).finally(() => {
    over = true;
  });
  return open;
}

/** Resolves when the work is done or one of the signals is aborted; the work is abandoned then, whatever becomes of it. */
export async function doneOrAborted(
  until: readonly (AbortSignal | undefined)[],
  work: () => Promise<unknown>,
): Promise<void> {
  const signals = until.filter((signal) => signal !== undefined);
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  try {
    if (signals.some((signal) => signal.aborted)) stop();
    await Promise.race([stopped, work()]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}
