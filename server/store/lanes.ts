import type { Slices } from '../slices.ts';

interface Lanes {
  /** How many items are worked on at once. */
  readonly width: number;
  /** Any of them ends the work; items under way are abandoned. */
  readonly until: readonly (AbortSignal | undefined)[];
  /** Shared by all whose work may begin at the same moment. */
  readonly slices: Slices;
}

/**
 * Works on all items, a few at a time and in order, until all are done or a signal aborts. Yields to the event loop in
 * between, since work that never really waits would not leave the current turn.
 * @returns the items that were not finished
 */
export async function inLanes<T>(
  items: Iterable<T>,
  { width, until, slices }: Lanes,
  work: (item: T) => Promise<void>,
): Promise<ReadonlySet<T>> {
  const open = new Set(items);
  const next = [...open].values();
  let over = false;
  const lane = async () => {
    for (const item of next) {
      if (slices.over) await slices.turn();
      if (over) return;
      await work(item);
      if (over) return;
      open.delete(item);
    }
  };
  await doneOrAborted(until, () => Promise.all(Array.from({ length: width }, lane))).finally(() => {
    over = true;
  });
  return open;
}

/** Resolves when the work is done, or when a signal aborts; then the work's result is ignored. */
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
