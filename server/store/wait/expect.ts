import { everything, type Query } from '../../../wire/query/query.ts';
import type { MessageTest } from '../../../wire/tests.ts';
import type { Content, Summary } from '../../message/message.ts';
import type { Slices } from '../../slices.ts';
import { inLanes } from '../lanes.ts';
import { type Near, nearest } from './nearest.ts';
import { type OwnMail, ownMailOf } from './own-mail.ts';
import { readMails } from './read-mails.ts';
import { DECIDING_MS, type Waited, type Watched, waitFor } from './wait.ts';

export interface Expectation {
  /** Which mails are expected. */
  readonly query: Query;
  /** How many there must be. */
  readonly count: { readonly min: number; readonly max: number };
  /** How long they may take, in milliseconds. With `max: 0` the wait lasts the whole time. */
  readonly within: number;
  /** How long no further match may arrive after that, in milliseconds. */
  readonly quiet: number;
  /** Only mails with a higher seq count; without it, all stored mail counts. */
  readonly after?: number | undefined;
  /** The test that each of them must pass. */
  readonly message?: MessageTest | undefined;
  /** Also read their contents. */
  readonly full?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How an expectation fails. `undecided`: mail that could change the outcome was still being parsed; `unread`: the
 * mails came, but were still being parsed.
 */
export type Failure = 'too-few' | 'too-many' | 'late' | 'undecided' | 'unread' | 'different';

export interface Outcome {
  readonly failure: Failure | null;
  /** The matching mails, newest first. */
  readonly matching: readonly Summary[];
  /** With `full`, contents by id: those of the newest mails, as many as fit into one response. */
  readonly contents: ReadonlyMap<string, Content>;
  /** How many mails were still being parsed; null when the search of the existing mail did not finish. */
  readonly undecided: number | null;
  /** The mailbox that the query is about; null when it is about all mail. */
  readonly own: OwnMail | null;
  /** Mails of that mailbox after `after`, newest first, at most `MAX_ARRIVED`. */
  readonly arrived: readonly Summary[];
  /** How many of these there are in total. */
  readonly arrivedInAll: number;
  /** How many mails other mailboxes have. */
  readonly others: number;
  /** On failure: the closest mails, closest first. */
  readonly closest: readonly Near[];
  /** In milliseconds. */
  readonly elapsed: number;
}

const MAX_ARRIVED = 50;

interface Asked extends Watched {
  /** Shared by all who wait: many may run out at the same moment. */
  readonly slices: Slices;
}

/** Waits until the outcome is known and returns it. @throws the signal's reason, once it is aborted */
export async function expectMail(asked: Asked, expectation: Expectation, now: () => Date): Promise<Outcome> {
  const { store, slices } = asked;
  const { query, count, within, message: test, full = false, signal } = expectation;
  const settled = await settle(asked, expectation);
  const { matching } = settled;
  await readHeaders(matching, asked, signal);
  const none: Near[] = [];
  const outcome = {
    ...settled,
    contents: new Map<string, Content>(),
    closest: none,
    ...(await around(asked, expectation)),
  };
  const { failure, arrived, elapsed } = outcome;
  if (failure === 'too-few') {
    const meant = new Set(matching.map(({ id }) => id));
    const others = arrived.filter(({ id }) => !meant.has(id));
    return {
      ...outcome,
      closest: await nearest(store, query, others, now(), { timeout: DECIDING_MS, signal, slices }),
    };
  }
  if (failure !== null || count.max === 0 || (test === undefined && !full)) return outcome;
  const timeout = Math.max(within - elapsed, 0) + DECIDING_MS;
  const { contents, unread, different } = await readMails(store, matching, { test, full, timeout, signal, slices });
  if (different.length > 0) return { ...outcome, failure: 'different', closest: different };
  return unread > 0 ? { ...outcome, failure: 'unread', undecided: unread } : { ...outcome, contents };
}

type Settled = Pick<Outcome, 'failure' | 'matching' | 'undecided' | 'elapsed'>;

/** Waits until enough mails have come, then, with `quiet`, until no more come. */
async function settle(watched: Watched, expectation: Expectation): Promise<Settled> {
  const { query, count, within, quiet, after, message, signal } = expectation;
  // One more than allowed is enough to know.
  const tell = Math.min(count.max, MAX_TOLD) + 1;
  const all = count.max > 0 && (message !== undefined || count.min === 0);
  // If none may come, the first one ends the wait.
  const first = await waitFor(watched, query, {
    count: count.max === 0 ? 1 : count.min,
    most: count.max,
    all,
    tell,
    timeout: within,
    after,
    signal,
  });
  const { messages } = first;
  if (messages.length < count.min) return settled('too-few', first);
  if (messages.length > count.max) return settled('too-many', first);
  if (!first.sure) return settled('undecided', first);
  if (quiet === 0 || count.max === 0) return settled(null, first);
  const most = messages.length;
  const later = await waitFor(watched, query, { count: most + 1, most, tell, timeout: quiet, after, signal });
  const both = { ...later, elapsed: first.elapsed + later.elapsed };
  if (later.messages.length > most) return settled('late', both);
  return settled(later.sure ? null : 'undecided', both);
}

function settled(failure: Failure | null, { messages, undecided, elapsed }: Waited): Settled {
  return { failure, matching: messages, undecided: undecided === null ? null : undecided.length, elapsed };
}

/** How many mails an outcome returns when there is no upper bound. */
const MAX_TOLD = 1000;

/** Summaries read their headers on first use. Does that here in slices, before they are all used at once. */
async function readHeaders(
  messages: readonly Summary[],
  { slices }: Pick<Asked, 'slices'>,
  signal: AbortSignal | undefined,
): Promise<void> {
  await inLanes(messages, { width: 1, until: [signal], slices }, async (message) => void message.subject);
  signal?.throwIfAborted();
}

/** The other mail, for the report. */
async function around({ store, slices }: Asked, { query, after, signal }: Expectation) {
  const own = ownMailOf(query);
  const { messages, matched, counts } = await store.list(own?.query ?? everything, { limit: MAX_ARRIVED, after });
  await readHeaders(messages, { slices }, signal);
  // `matched` covers the whole store, regardless of `after`.
  const arrivedInAll = after !== undefined && messages.length < MAX_ARRIVED ? messages.length : matched;
  return { own, arrived: messages, arrivedInAll, others: own ? counts.total - matched : 0 };
}
