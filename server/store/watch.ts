import { bodyOf, type Candidate, matches, searchableHead } from '../message/matches.ts';
import type { Summary } from '../message/message.ts';
import type { Query } from '../message/query.ts';
import { fold } from '../message/term.ts';
import type { Store } from './store.ts';

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

  constructor(store: Store, now: () => Date, report: (error: unknown) => void) {
    this.#store = store;
    this.#now = now;
    this.#report = report;
    this.#unsubscribe = store.subscribe((event) => {
      if (event.type === 'added') this.#added(event.message);
    });
  }

  [Symbol.dispose](): void {
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
    let parsed: Promise<Candidate | null> | undefined;
    for (const watch of concerned) {
      const verdict = matches(watch.query, candidate, this.#now().getTime());
      if (verdict === true) inTurn(watch, () => watch.found(summary));
      if (verdict !== 'unknown') continue;
      parsed ??= this.#parse(summary);
      watch.turn = this.#laterFound(watch, watch.turn, parsed).catch(this.#report);
    }
  }

  async #laterFound(watch: Watch, turn: Promise<void> | null, parsed: Promise<Candidate | null>): Promise<void> {
    await turn;
    const candidate = await parsed;
    if (candidate && matches(watch.query, candidate, this.#now().getTime()) === true) watch.found(candidate.summary);
  }

  async #parse({ id }: Summary): Promise<Candidate | null> {
    const content = await this.#store.content(id);
    const stored = await this.#store.get(id);
    if (!content || !stored) return null;
    return { summary: stored.summary, head: searchableHead(stored.summary), body: bodyOf(content), content };
  }
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
