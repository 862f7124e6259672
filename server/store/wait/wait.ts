// Not the globals: a test that replaces the clock of this process means that of the app.
import { clearTimeout, setTimeout } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Query } from '../../../wire/query/query.ts';
import type { Summary } from '../../message/message.ts';
import type { Store } from '../store.ts';
import type { Watches } from './watch.ts';

export interface Watched {
  readonly store: Store;
  readonly watches: Watches;
}

export interface WaitOptions {
  /** Settles once this many match. */
  readonly count: number;
  /** More than this would be another outcome, so mail that is being parsed is waited for when it could make them more. */
  readonly most?: number;
  /** Settle only when every mail has been decided. */
  readonly all?: boolean;
  /** Only mails whose seq is higher count; without it, everything stored does. */
  readonly after?: number | undefined;
  /** Return at least this many existing matches (default 50). */
  readonly tell?: number;
  /** In milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Waited {
  /** The mails that match and are still there, newest first. */
  readonly messages: readonly Summary[];
  /** Mails that may match: they were still being parsed. Null when the mail that was there before was not looked through. */
  readonly undecided: readonly Summary[] | null;
  /** False when the undecided mails could make it another outcome. */
  readonly sure: boolean;
  /** How long it took, in milliseconds. */
  readonly elapsed: number;
}

/**
 * How much longer than its timeout a wait lasts while mail that came in time is being parsed and an upper bound hangs on
 * it, in milliseconds. "None came" is a claim about that mail, too. No wait is shorter when it hangs on mail that has not
 * been parsed: a thread may have to start first.
 */
export const DECIDING_MS = 750;

/**
 * Waits until enough mails match. A mail that comes while the wait begins is seen, exactly once, since the watch is
 * open before the store is looked at; one that is deleted meanwhile does not count any more. The deadline holds however
 * long the parser takes.
 * @throws the signal's reason, once it is aborted
 */
export async function waitFor({ store, watches }: Watched, query: Query, options: WaitOptions): Promise<Waited> {
  const { count, most = Number.POSITIVE_INFINITY, all = false, after = -1, tell = 50, timeout, signal } = options;
  signal?.throwIfAborted();
  const since = performance.now();
  const found = new Map<string, Summary>();
  const undecided = new Map<string, Summary>();
  const missed = new Set<string>();
  const at: Progress = { looking: true, late: false, over: false, failure: null };
  let wake = () => {};

  const bounded = all || count === 0 || most !== Number.POSITIVE_INFINITY;
  const known = () => !at.looking && undecided.size === 0;
  const sure = () =>
    known() || found.size > most || (!all && !at.looking && count > 0 && found.size + undecided.size <= most);
  const done = () => at.over || (at.late && known()) || (found.size >= count && sure());

  const cut = new AbortController();
  // Also takes a search that nobody wants any more out of its queue.
  const ended = new AbortController();
  const matching = (message: Summary) => {
    undecided.delete(message.id);
    found.set(message.id, message);
    // Whatever else the search may find does not matter.
    if (at.looking && !bounded && found.size >= count) cut.abort();
    wake();
  };
  using watch = watches.watch(query, {
    found: (message) => {
      if (message.seq > after) matching(message);
    },
    missed: ({ id }) => {
      undecided.delete(id);
      missed.add(id);
      wake();
    },
    undecided: (message) => {
      if (message.seq > after) undecided.set(message.id, message);
    },
  });
  void watch;

  const patience = bounded ? DECIDING_MS : 0;
  const timers = [
    setTimeout(() => {
      at.late = true;
      wake();
    }, timeout),
    setTimeout(
      async () => {
        cut.abort();
        // What the search has decided until now arrives before the next turn.
        await nextTurn();
        at.over = true;
        wake();
      },
      Math.max(timeout + patience, DECIDING_MS),
    ),
  ];
  const abort = () => {
    ended.abort(signal?.reason);
    wake();
  };
  signal?.addEventListener('abort', abort);
  store.list(query, { limit: Math.max(count, tell), after, cut: cut.signal }, ended.signal).then(
    (listing) => {
      at.looking = false;
      for (const message of listing.undecided) {
        const { id, seq } = message;
        if (seq > after && !found.has(id) && !missed.has(id)) undecided.set(id, message);
      }
      for (const message of listing.messages) matching(message);
      wake();
    },
    (error: unknown) => {
      at.failure = { error };
      wake();
    },
  );
  try {
    for (;;) {
      if (done()) await dropGone(store, found, undecided);
      signal?.throwIfAborted();
      if (at.failure) throw at.failure.error;
      if (done()) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        // Something may have happened since the last look.
        if (done() || signal?.aborted || at.failure) resolve();
      });
    }
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    ended.abort();
  }
  const newestFirst = (mails: Map<string, Summary>) => [...mails.values()].sort((a, b) => b.seq - a.seq);
  return {
    messages: newestFirst(found),
    undecided: at.looking ? null : newestFirst(undecided),
    sure: sure(),
    elapsed: Math.round(performance.now() - since),
  };
}

interface Progress {
  /** The store has not been looked through. */
  looking: boolean;
  /** The timeout has passed. */
  late: boolean;
  /** Nothing is waited for any longer. */
  over: boolean;
  failure: { readonly error: unknown } | null;
}

/** Takes out what is not in the store any more, and brings the rest up to date. */
async function dropGone(store: Store, found: Map<string, Summary>, undecided: Map<string, Summary>): Promise<void> {
  for (const id of found.keys()) {
    const stored = await store.get(id);
    if (stored) found.set(id, stored.summary);
    else found.delete(id);
  }
  for (const id of undecided.keys()) if (!(await store.get(id))) undecided.delete(id);
}
