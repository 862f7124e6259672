import { setTimeout } from 'node:timers/promises';
import { type Candidate, matches, searchableHead } from '../message/matches.ts';
import type { Summary } from '../message/message.ts';
import type { Query } from '../message/query.ts';
import { fold } from '../message/term.ts';
import type { Store } from './store.ts';
import { Unfinished } from './unfinished.ts';

/** Attempts at a mail that can't be read for a reason that may pass, and how long between them, in milliseconds. */
const MOST_ATTEMPTS = 5;
const RETRY_MS = 1000;

interface Watch {
  readonly query: Query;
  found(message: Summary): void;
  /** Once something hangs on a body, what comes after it waits its turn. */
  turn: Promise<void> | null;
}

/**
 * Queries that are asked of each mail as it comes. Thousands of them may be open at a time, most of them for one
 * address each: those are found by that address, so that a mail only costs the watches it may concern.
 */
export class Watches implements Disposable {
  readonly #store: Store;
  readonly #now: () => Date;
  readonly #report: (error: unknown) => void;
  readonly #byAddress = new Map<string, Set<Watch>>();
  readonly #others = new Set<Watch>();
  readonly #unsubscribe: () => void;
  #isClosed = false;

  constructor(store: Store, now: () => Date, report: (error: unknown) => void) {
    this.#store = store;
    this.#now = now;
    this.#report = report;
    this.#unsubscribe = store.subscribe((event) => {
      if (event.type === 'added') this.#added(event.message);
    });
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#unsubscribe();
  }

  /** How many are open. */
  get size(): number {
    let size = this.#others.size;
    for (const among of this.#byAddress.values()) size += among.size;
    return size;
  }

  /** Calls `found` for every matching mail that is added from now on, in their order, until it is disposed of. */
  watch(query: Query, found: (message: Summary) => void): Disposable {
    const watch: Watch = { query, found, turn: null };
    const address = addressOf(query);
    const among = address === null ? this.#others : (this.#byAddress.get(address) ?? new Set());
    among.add(watch);
    if (address !== null) this.#byAddress.set(address, among);
    return {
      [Symbol.dispose]: () => {
        among.delete(watch);
        watch.found = () => {};
        if (address !== null && among.size === 0 && this.#byAddress.get(address) === among)
          this.#byAddress.delete(address);
      },
    };
  }

  #added(summary: Summary): void {
    if (this.#others.size === 0 && this.#byAddress.size === 0) return;
    const concerned = [
      ...this.#others,
      ...[...addressesOf(summary)].flatMap((one) => [...(this.#byAddress.get(one) ?? [])]),
    ];
    if (concerned.length === 0) return;
    const candidate: Candidate = { summary, head: searchableHead(summary), body: null };
    const undecided: Watch[] = [];
    for (const watch of concerned) {
      const verdict = matches(watch.query, candidate, this.#now().getTime());
      if (verdict === true) inTurn(watch, () => watch.found(summary));
      if (verdict === 'unknown') undecided.push(watch);
    }
    if (undecided.length === 0) return;
    // A thread answers them all at once.
    const judged = this.#judge(
      summary,
      undecided.map(({ query }) => query),
    );
    for (const [i, watch] of undecided.entries()) {
      watch.turn = this.#laterFound(watch, watch.turn, judged, i).catch(this.#report);
    }
  }

  async #laterFound(watch: Watch, turn: Promise<void> | null, judged: Promise<Judged | null>, i: number) {
    await turn;
    const known = await judged;
    if (known?.verdicts[i]) watch.found(known.summary);
  }

  /** A wait must not miss a mail because it can't be read just now. */
  async #judge({ id }: Summary, queries: readonly Query[]): Promise<Judged | null> {
    for (let attempt = 1; !this.#isClosed; attempt++) {
      try {
        const verdicts = await this.#store.judge(id, queries);
        const stored = await this.#store.get(id);
        return verdicts && stored && { summary: stored.summary, verdicts };
      } catch (error) {
        if (!(error instanceof Unfinished) || !error.isPassing || attempt === MOST_ATTEMPTS) throw error;
        await setTimeout(RETRY_MS, undefined, { ref: false });
      }
    }
    return null;
  }
}

interface Judged {
  readonly summary: Summary;
  readonly verdicts: readonly boolean[];
}

function inTurn(watch: Watch, tell: () => void): void {
  if (watch.turn === null) tell();
  else watch.turn = watch.turn.then(tell);
}

/** An address that every mail has which the query matches; null when there is no such. */
function addressOf(query: Query): string | null {
  if (query.match === 'all') {
    for (const of of query.of) {
      const address = addressOf(of);
      if (address !== null) return address;
    }
  }
  if (query.match !== 'address' || typeof query.value !== 'string') return null;
  return /^[^@\s]+@[^@\s]+$/.test(query.value) ? fold(query.value) : null;
}

function addressesOf({ from, to, cc, bcc, envelope }: Summary): Set<string> {
  const headers = [...(from ? [from] : []), ...to, ...cc, ...bcc].map(({ address }) => address);
  return new Set([...headers, ...envelope.to].map(fold));
}
