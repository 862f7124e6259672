import type { MessageTest } from '../message/expectation.ts';
import type { Miss } from '../message/explain.ts';
import type { Comparison } from '../message/judging.ts';
import type { Summary } from '../message/message.ts';
import { everything, type Query } from '../message/query.ts';
import type { Store } from './store.ts';
import { searchError } from './unfinished.ts';
import { type Watched, waitFor } from './wait.ts';

export interface Expectation {
  /** Which mails are meant. */
  readonly query: Query;
  /** How many of them there must be. */
  readonly count: { readonly min: number; readonly max: number };
  /** How long they may take, in milliseconds. With `max: 0` all of it is waited, since only then nothing came. */
  readonly within: number;
  /** How long nothing more may come after that, in milliseconds. */
  readonly quiet: number;
  /** Only mails whose seq is higher count; without it, all that is stored does. */
  readonly after?: number | undefined;
  /** What each of them must be. */
  readonly message?: MessageTest | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How an expectation fails. */
export type Failure = 'too-few' | 'too-many' | 'late' | 'different';

/** A mail that is not what was expected, and why. */
export interface Near {
  readonly message: Summary;
  readonly misses: readonly Miss[];
}

export interface Outcome {
  readonly failure: Failure | null;
  /** The mails that are meant, newest first. */
  readonly matching: readonly Summary[];
  /** All that is there in the span asked for, newest first, at most `MAX_ARRIVED`. */
  readonly arrived: readonly Summary[];
  /** How many that are in all. */
  readonly arrivedInAll: number;
  /** When it failed: the mails that come nearest, the nearest first. */
  readonly closest: readonly Near[];
  /** In milliseconds. */
  readonly elapsed: number;
}

const MAX_ARRIVED = 50;
const MAX_CLOSEST = 3;

/** Waits as long as it takes to know, and tells how it came out. @throws the signal's reason, once it is aborted */
export async function expectMail(watched: Watched, expectation: Expectation, now: () => Date): Promise<Outcome> {
  const { store } = watched;
  const { query, count, after, message: test } = expectation;
  const { failure, matching, elapsed } = await settle(watched, expectation);
  const { messages: arrived, matched: arrivedInAll } = await store.list(everything, { limit: MAX_ARRIVED, after });
  const outcome = { matching, arrived, arrivedInAll, elapsed };
  if (failure === 'too-many' || failure === 'late') return { ...outcome, failure, closest: [] };
  if (failure === 'too-few') {
    const meant = new Set(matching.map(({ id }) => id));
    const others = arrived.filter(({ id }) => !meant.has(id));
    return {
      ...outcome,
      failure,
      closest: await nearest(store, others, { query, now: now().getTime() }),
    };
  }
  if (test === undefined || count.max === 0) return { ...outcome, failure: null, closest: [] };
  const different = await nearest(store, matching, { test });
  return { ...outcome, failure: different.length > 0 ? 'different' : null, closest: different };
}

/** Counts: first until enough have come, then, if asked for, until it has been quiet. */
async function settle(
  watched: Watched,
  { query, count, within, quiet, after, signal }: Expectation,
): Promise<{ failure: Exclude<Failure, 'different'> | null; matching: readonly Summary[]; elapsed: number }> {
  // One more than there may be is enough to know.
  const tell = Math.min(count.max, MAX_TOLD) + 1;
  const wait = (enough: number, timeout: number) =>
    waitFor(watched, query, { count: enough, tell, timeout, after, signal });
  // When none may come, the first one that does ends the wait.
  const { messages, elapsed } = await wait(Math.max(count.min, 1), within);
  const settled = (failure: Exclude<Failure, 'different'> | null) => ({ failure, matching: messages, elapsed });
  if (messages.length < count.min) return settled('too-few');
  if (messages.length > count.max) return settled('too-many');
  if (quiet === 0 || count.max === 0) return settled(null);
  const later = await wait(messages.length + 1, quiet);
  const failure = later.messages.length > messages.length ? 'late' : null;
  return { failure, matching: later.messages, elapsed: elapsed + later.elapsed };
}

/** How many mails an outcome tells of, when no upper bound is asked for. */
const MAX_TOLD = 1000;

/** Those that miss something, the fewest misses first, newest before older. */
async function nearest(store: Store, messages: readonly Summary[], comparison: Comparison): Promise<readonly Near[]> {
  const near: Near[] = [];
  for (const message of messages) {
    const misses = await store.compare(message.id, comparison).catch((error: unknown) => {
      throw searchError(error);
    });
    if (misses && misses.length > 0) near.push({ message, misses });
  }
  return near.sort((a, b) => a.misses.length - b.misses.length || b.message.seq - a.message.seq).slice(0, MAX_CLOSEST);
}
