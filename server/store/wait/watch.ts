import { setTimeout } from 'node:timers/promises';
import type { Query } from '../../../wire/query/query.ts';
import type { Summary } from '../../message/message.ts';
import { Inquiry } from '../../message/query/inquiry.ts';
import { matcherOf } from '../../message/query/matches.ts';
import { searchableHead } from '../../message/query/searchable-head.ts';
import { fold } from '../../message/query/term.ts';
import type { Start, StoreEvent } from '../events.ts';
import { follow } from '../follow.ts';
import type { Store } from '../store.ts';
import { Unfinished } from '../unfinished.ts';

/** Attempts at a mail after transient failures, and the delay between them, in milliseconds. */
const MOST_ATTEMPTS = 5;
const RETRY_MS = 1000;

/** Called for each added mail that may match a query. */
export interface WatchListener {
  /** It matches. */
  found(message: Summary): void;
  /**
   * A thread must decide: `found` or `missed` follows, as soon as the parser is done. If it can't be decided, neither
   * follows, since either might be wrong.
   */
  undecided(message: Summary): void;
  /** It was undecided, and does not match or is gone. */
  missed(message: Summary): void;
  /** Mails may have been added, or removed, that the watch has not seen: search the store again. */
  lost(): void;
}

interface Watch {
  readonly query: Query;
  /** Null once it has been disposed of. */
  listener: WatchListener | null;
}

/**
 * Checks each new mail against the open watches. There may be thousands, most of them for one address each. Those are
 * indexed by the address, so that a mail is checked only against watches that it may match.
 */
export class Watches implements Disposable {
  readonly #store: Store;
  readonly #now: () => Date;
  readonly #report: (error: unknown) => void;
  readonly #byAddress = new Map<string, Set<Watch>>();
  readonly #others = new Set<Watch>();
  readonly #following: Disposable;
  /** Resolves once every mail that is added is seen: a search that begins then misses none. */
  readonly started: Promise<void>;
  /** Seq of the newest event that was looked at; null before the first. */
  #seq: number | null = null;
  readonly #behind = new Set<{ readonly seq: number; readonly caughtUp: () => void }>();
  #isClosed = false;

  constructor(store: Store, now: () => Date, report: (error: unknown) => void) {
    this.#store = store;
    this.#now = now;
    this.#report = report;
    let started = () => {};
    this.started = new Promise((resolve) => {
      started = resolve;
    });
    const take = (event: Start | StoreEvent) => {
      if (event.type === 'added') this.#added(event.message);
      if (event.type === 'start') this.#start(started);
      this.#reached(event);
    };
    this.#following = follow(store, take, report);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#following[Symbol.dispose]();
  }

  /** Number of open watches. */
  get size(): number {
    let size = this.#others.size;
    for (const among of this.#byAddress.values()) size += among.size;
    return size;
  }

  /** Calls the listener for every mail added from now on, until disposed. */
  watch(query: Query, listener: WatchListener): Disposable {
    const watch: Watch = { query, listener };
    const address = addressOf(query);
    const among = address === null ? this.#others : (this.#byAddress.get(address) ?? new Set());
    among.add(watch);
    if (address !== null) this.#byAddress.set(address, among);
    return {
      [Symbol.dispose]: () => {
        among.delete(watch);
        watch.listener = null;
        if (address !== null && among.size === 0 && this.#byAddress.get(address) === among)
          this.#byAddress.delete(address);
      },
    };
  }

  #start(started: () => void): void {
    if (this.#seq === null) return started();
    for (const watch of [...this.#others, ...[...this.#byAddress.values()].flatMap((among) => [...among])])
      watch.listener?.lost();
  }

  #reached({ type, seq }: Start | StoreEvent): void {
    this.#seq = seq;
    for (const waiting of this.#behind) {
      if (type !== 'start' && waiting.seq > seq) continue;
      this.#behind.delete(waiting);
      waiting.caughtUp();
    }
  }

  /** Resolves when everything that the store has now was looked at. */
  async caughtUp(): Promise<void> {
    const { seq } = await this.#store.stats();
    if (this.#seq === null || this.#seq >= seq) return;
    await new Promise<void>((caughtUp) => this.#behind.add({ seq, caughtUp }));
  }

  #added(summary: Summary): void {
    if (this.#others.size === 0 && this.#byAddress.size === 0) return;
    const concerned = [
      ...this.#others,
      ...[...addressesOf(summary)].flatMap((one) => [...(this.#byAddress.get(one) ?? [])]),
    ];
    if (concerned.length === 0) return;
    // One inquiry for all watches: together they hold the event loop no longer than a single one may.
    const inquiry = new Inquiry({ summary, head: searchableHead(summary), body: null }, this.#now().getTime());
    const undecided: Watch[] = [];
    for (const watch of concerned) {
      const verdict = matcherOf(watch.query)(inquiry);
      if (verdict === true) watch.listener?.found(summary);
      if (verdict !== 'unknown') continue;
      watch.listener?.undecided(summary);
      undecided.push(watch);
    }
    if (undecided.length > 0) this.#decide(summary, undecided).catch(this.#report);
  }

  /** One thread task decides all of them. */
  async #decide(summary: Summary, watches: readonly Watch[]): Promise<void> {
    const verdicts = await this.#judge(
      summary,
      watches.map(({ query }) => query),
    );
    const stored = await this.#store.get(summary.id);
    for (const [i, { listener }] of watches.entries()) {
      if (stored && verdicts?.[i]) listener?.found(stored.summary);
      else listener?.missed(summary);
    }
  }

  /** Retries transient failures, so that a wait does not miss a mail. @returns null when the mail is gone */
  async #judge({ id }: Summary, queries: readonly Query[]): Promise<readonly boolean[] | null> {
    for (let attempt = 1; !this.#isClosed; attempt++) {
      try {
        return await this.#store.judge(id, queries);
      } catch (error) {
        if (!(error instanceof Unfinished) || !error.isPassing || attempt === MOST_ATTEMPTS) throw error;
        await setTimeout(RETRY_MS, undefined, { ref: false });
      }
    }
    return null;
  }
}

/** An address that every matching mail must have; null when there is none. */
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

/** Includes `bcc`, through the envelope. */
function addressesOf({ from, to, cc, envelope }: Summary): Set<string> {
  const headers = [...(from ? [from] : []), ...to, ...cc].map(({ address }) => address);
  return new Set([...headers, ...envelope.to].map(fold));
}
