// Not the globals: a test that fakes this process's timers means those of the app under test.
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
  /** Upper bound. Waits for mail that is still being parsed if it could exceed the bound. */
  readonly most?: number;
  /** Settle only when every mail is decided. */
  readonly all?: boolean;
  /** Only mails with a higher seq count; without it, all stored mail counts. */
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
  /** Mails that may match but were still being parsed. Null when the search of the existing mail did not finish. */
  readonly undecided: readonly Summary[] | null;
  /** False when undecided mails could change the outcome. */
  readonly sure: boolean;
  /** How long it took, in milliseconds. */
  readonly elapsed: number;
}

/**
 * How long a wait may exceed its timeout, in milliseconds, while an upper bound depends on mail that came in time but
 * is still being parsed: "none came" must hold for that mail too. Also the minimum for any wait that depends on
 * unparsed mail, because a thread may have to start first.
 */
export const DECIDING_MS = 750;

/**
 * Waits until enough mails match. The watch opens before the store is searched, so a mail that arrives meanwhile is
 * seen exactly once; a mail that is deleted meanwhile no longer counts. The deadline holds even if the parser takes
 * longer.
 * @throws the signal's reason, once it is aborted
 */
export async function waitFor({ store, watches }: Watched, query: Query, options: WaitOptions): Promise<Waited> {
  const { count, most = Number.POSITIVE_INFINITY, all = false, after = -1, tell = 50, timeout, signal } = options;
  signal?.throwIfAborted();
  const since = performance.now();
  const found = new Map<string, Summary>();
  const undecided = new Map<string, Summary>();
  const missed = new Set<string>();
  const at: Progress = { looking: 1, late: false, over: false, failure: null };
  let wake = () => {};

  const bounded = all || count === 0 || most !== Number.POSITIVE_INFINITY;
  const known = () => at.looking === 0 && undecided.size === 0;
  const sure = () =>
    known() || found.size > most || (!all && at.looking === 0 && count > 0 && found.size + undecided.size <= most);
  const done = () => at.over || (at.late && known()) || (found.size >= count && sure());

  const cut = new AbortController();
  // Also removes an abandoned search from its queue.
  const ended = new AbortController();
  const matching = (message: Summary) => {
    undecided.delete(message.id);
    found.set(message.id, message);
    // Nothing else that the search finds matters.
    if (at.looking > 0 && !bounded && found.size >= count) cut.abort();
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
    lost: () => {
      at.looking += 1;
      search();
    },
  });
  void watch;

  const search = () =>
    store.list(query, { limit: Math.max(count, tell), after, cut: cut.signal }, ended.signal).then(
      (listing) => {
        at.looking -= 1;
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

  const patience = bounded ? DECIDING_MS : 0;
  const timers = [
    setTimeout(async () => {
      // What the store had in time counts, even if the watch has not seen it yet.
      await watches.caughtUp().catch(() => {});
      at.late = true;
      wake();
    }, timeout),
    setTimeout(
      async () => {
        cut.abort();
        // What the search has decided so far arrives before the next turn.
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
  void watches.started.then(search);
  try {
    for (;;) {
      if (done()) await dropGone(store, found, undecided);
      signal?.throwIfAborted();
      if (at.failure) throw at.failure.error;
      if (done()) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        // Something may have happened since the last check.
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
    undecided: at.looking > 0 ? null : newestFirst(undecided),
    sure: sure(),
    elapsed: Math.round(performance.now() - since),
  };
}

interface Progress {
  /** Searches of the store that are not over. */
  looking: number;
  /** The timeout has passed. */
  late: boolean;
  /** The wait ends now, with whatever is known. */
  over: boolean;
  failure: { readonly error: unknown } | null;
}

/** Drops mails that are no longer in the store, and updates the rest. */
async function dropGone(store: Store, found: Map<string, Summary>, undecided: Map<string, Summary>): Promise<void> {
  const stored = await store.getMany([...found.keys(), ...undecided.keys()]);
  const there = new Map(stored.map(({ summary }) => [summary.id, summary]));
  for (const mails of [found, undecided]) {
    for (const id of mails.keys()) {
      const summary = there.get(id);
      if (summary) mails.set(id, summary);
      else mails.delete(id);
    }
  }
}
