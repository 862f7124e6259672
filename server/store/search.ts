import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sent } from '../message/judging.ts';
import { asksForRegex, matcherOf } from '../message/matches.ts';
import type { Query } from '../message/query.ts';
import { type Bodies, sentOf } from './bodies.ts';
import type { Entry } from './entry.ts';
import { SearchQueue } from './search-queue.ts';
import type { Shelf } from './shelf.ts';
import type { Page } from './store.ts';
import { searchError } from './unfinished.ts';

/** How long a search may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 4;
/** The clock is looked at once for this many mails. */
const LOOKS_AT_CLOCK = 64;
/** How many bodies are asked for at once: enough to keep the parser busy, few enough to stop soon. */
const BODIES_AT_ONCE = 16;
/** What goes to a thread at a time. A search has one of these under way, so that many go on by turns. */
const SIFTED_AT_ONCE = { mails: 100, chars: 262_144 };

/**
 * Finds mails. What the main thread can tell at once it tells, in slices; where the answer hangs on a body that has not
 * been parsed, or takes long to find, like a regular expression, a thread is asked: so a search is right at any time.
 * Those that need a thread have a queue of their own, in which they don't hold up the others.
 */
export class Searches {
  readonly #quick = new SearchQueue(1);
  readonly #deep = new SearchQueue(4);

  readonly #shelf: Pick<Shelf, 'entries' | 'has'>;
  readonly #bodies: Pick<Bodies, 'sift' | 'judgeWhole'>;
  readonly #now: () => Date;

  constructor(shelf: Pick<Shelf, 'entries' | 'has'>, bodies: Pick<Bodies, 'sift' | 'judgeWhole'>, now: () => Date) {
    this.#shelf = shelf;
    this.#bodies = bodies;
    this.#now = now;
  }

  /**
   * The entries that match, in their order.
   * @throws the signal's reason, once it is aborted; {MailstopError} `too-many-searches`, `bad-query`, `search-failed`
   */
  async search(query: Query, signal: AbortSignal | undefined): Promise<readonly Entry[]> {
    const { maybe, unknown } = await this.#quick.take(() => this.#look(query, signal), signal);
    const found = unknown.size > 0 && (await this.#deep.take(() => this.#lookDeeper(query, unknown, signal), signal));
    return maybe.filter((entry) => this.#shelf.has(entry) && (!found || !unknown.has(entry) || found.has(entry)));
  }

  async #look(query: Query, signal: AbortSignal | undefined) {
    const matcher = matcherOf(query);
    const now = this.#now().getTime();
    const maybe: Entry[] = [];
    const unknown = new Set<Entry>();
    const slice = new Slice();
    for (const entry of this.#shelf.entries.newestFirst()) {
      if (slice.isOver()) await slice.next(signal);
      const verdict = matcher(entry, now);
      if (verdict !== false) maybe.push(entry);
      if (verdict === 'unknown') unknown.add(entry);
    }
    return { maybe, unknown };
  }

  async #lookDeeper(query: Query, unknown: ReadonlySet<Entry>, signal: AbortSignal | undefined) {
    const found = new Set<Entry>();
    try {
      const left = asksForRegex(query) ? await this.#sift(query, unknown, signal, found) : [...unknown];
      for (let at = 0; at < left.length; at += BODIES_AT_ONCE) {
        signal?.throwIfAborted();
        const asking = { urgency: 'search', signal } as const;
        const judged = left.slice(at, at + BODIES_AT_ONCE).map(async (entry) => {
          const answer = await this.#bodies.judgeWhole(entry, [query], asking);
          if (answer?.[0]) found.add(entry);
        });
        await Promise.all(judged);
      }
      return found;
    } catch (error) {
      signal?.throwIfAborted();
      throw searchError(error);
    }
  }

  /** @param found gets those that match @returns those that only their octets can tell of */
  async #sift(query: Query, entries: Iterable<Entry>, signal: AbortSignal | undefined, found: Set<Entry>) {
    const left: Entry[] = [];
    let batch: Entry[] = [];
    let mails: Sent[] = [];
    let chars = 0;
    const flush = async () => {
      const verdicts = await this.#bodies.sift(query, mails, signal);
      for (const [i, entry] of batch.entries()) {
        if (verdicts[i] === true) found.add(entry);
        if (verdicts[i] === 'unknown') left.push(entry);
      }
      [batch, mails, chars] = [[], [], 0];
      signal?.throwIfAborted();
    };
    const slice = new Slice(1);
    for (const entry of entries) {
      if (slice.isOver()) await slice.next(signal);
      const mail = sentOf(entry);
      batch.push(entry);
      mails.push(mail);
      chars += mail.head.length + (mail.body?.text?.length ?? 0);
      if (batch.length < SIFTED_AT_ONCE.mails && chars < SIFTED_AT_ONCE.chars) continue;
      await flush();
      slice.begin();
    }
    if (batch.length > 0) await flush();
    return left;
  }
}

/** A time that the event loop may be held. */
class Slice {
  readonly #looksAtClock: number;
  #until = performance.now() + SLICE_MS;
  #steps = 0;

  /** @param looksAtClock once for this many steps: telling the time takes as long as looking at some mails */
  constructor(looksAtClock = LOOKS_AT_CLOCK) {
    this.#looksAtClock = looksAtClock;
  }

  isOver(): boolean {
    return this.#steps++ % this.#looksAtClock === 0 && performance.now() > this.#until;
  }

  /** @throws the signal's reason, once it is aborted */
  async next(signal: AbortSignal | undefined): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.begin();
  }

  begin(): void {
    this.#until = performance.now() + SLICE_MS;
  }
}

/** The window on what was found, newest first. */
export function pageOf<T extends { readonly seq: number }>(found: readonly T[], page: Page): readonly T[] {
  const { limit, offset = 0, before = Number.POSITIVE_INFINITY, after = -1 } = page;
  return found.filter(({ seq }) => seq > after && seq < before).slice(offset, offset + limit);
}
