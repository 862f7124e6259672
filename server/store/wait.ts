import type { Summary } from '../message/message.ts';
import type { Query } from '../message/query.ts';
import type { Store } from './store.ts';
import type { Watches } from './watch.ts';

export interface Watched {
  readonly store: Store;
  readonly watches: Watches;
}

export interface WaitOptions {
  /** Settles once so many mails match. */
  readonly count: number;
  /** Only mails whose seq is higher count; without it, all that is stored does. */
  readonly after?: number | undefined;
  /** Tell of at least so many of those that are already there; 50 without it. */
  readonly tell?: number;
  /** In milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Waited {
  readonly enough: boolean;
  /** The mails that match and are still there, newest first. */
  readonly messages: readonly Summary[];
  /** How long it took, in milliseconds. */
  readonly elapsed: number;
}

/**
 * Waits until enough mails match. A mail that comes while the wait begins is seen, exactly once, since the watch is
 * open before the store is looked at; one that is deleted on the way does not count any more.
 * @throws the signal's reason, once it is aborted
 */
export async function waitFor(
  { store, watches }: Watched,
  query: Query,
  { count, tell = 50, after = -1, timeout, signal }: WaitOptions,
): Promise<Waited> {
  signal?.throwIfAborted();
  const since = performance.now();
  const found = new Map<string, Summary>();
  let wake = () => {};
  using watch = watches.watch(query, (message) => {
    if (message.seq > after) found.set(message.id, message);
    if (found.size >= count) wake();
  });
  void watch;

  const timedOut = AbortSignal.timeout(timeout);
  const { messages } = await store.list(query, { limit: Math.max(count, tell), after }, signal);
  for (const message of messages) found.set(message.id, message);
  for (;;) {
    if (found.size >= count || timedOut.aborted) await dropGone(store, found);
    signal?.throwIfAborted();
    if (found.size >= count || timedOut.aborted) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timedOut.onabort = () => resolve();
      if (signal) signal.onabort = () => resolve();
    });
  }
  return {
    enough: found.size >= count,
    messages: [...found.values()].sort((a, b) => b.seq - a.seq),
    elapsed: Math.round(performance.now() - since),
  };
}

/** Takes out what is not in the store any more, and brings the rest up to date. */
async function dropGone(store: Store, found: Map<string, Summary>): Promise<void> {
  for (const id of found.keys()) {
    const stored = await store.get(id);
    if (stored) found.set(id, stored.summary);
    else found.delete(id);
  }
}
