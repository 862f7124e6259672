import type { Inquiry } from '../../message/query/inquiry.ts';
import type { Verdict } from '../../message/query/verdict.ts';
import type { Entry } from './entry.ts';

/** The bits of a number per octet, and the bit that says that more octets follow. */
const BITS = 7;
const MORE = 1 << BITS;

/**
 * Descending numbers in little space: delta encoding with variable-length integers. A thousand waiting searches may
 * each hold a list of all mails; this takes one octet per mail instead of dozens.
 */
export class PackedSeqs {
  readonly #newest: number;
  readonly #octets: Uint8Array;

  /** @param items newest first */
  constructor(items: readonly { readonly seq: number }[]) {
    const octets: number[] = [];
    this.#newest = items[0]?.seq ?? 0;
    let before = this.#newest;
    for (const { seq } of items) {
      let distance = before - seq;
      for (; distance >= MORE; distance = Math.floor(distance / MORE)) octets.push((distance % MORE) | MORE);
      octets.push(distance);
      before = seq;
    }
    this.#octets = Uint8Array.from(octets);
  }

  /** Yields the items whose seq is in this list. @param items newest first; some may be missing */
  *among<T extends { readonly seq: number }>(items: Iterable<T>): Generator<T> {
    const seqs = this.#seqs();
    let next = seqs.next();
    for (const item of items) {
      while (!next.done && next.value > item.seq) next = seqs.next();
      if (next.done) return;
      if (next.value === item.seq) yield item;
    }
  }

  *#seqs(): Generator<number, undefined> {
    let seq = this.#newest;
    let distance = 0;
    let worth = 1;
    for (const octet of this.#octets) {
      distance += (octet % MORE) * worth;
      worth *= MORE;
      if (octet >= MORE) continue;
      seq -= distance;
      yield seq;
      [distance, worth] = [0, 1];
    }
  }
}

/** Mails that match, or may match. */
export class Sorted {
  readonly maybe: Entry[] = [];
  readonly unknown: Entry[] = [];
  /** Whether a thread may know more without the octets. */
  sifts = false;

  add(entry: Entry, verdict: Verdict, { isSpent }: Pick<Inquiry, 'isSpent'>): void {
    if (verdict !== false) this.maybe.push(entry);
    if (verdict !== 'unknown') return;
    this.unknown.push(entry);
    this.sifts ||= isSpent || entry.head === null;
  }
}

/** Merges two lists that are both newest first. */
export function bothInOrder(some: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  if (some.length === 0 || others.length === 0) return some.length === 0 ? others : some;
  const both: Entry[] = [];
  let at = 0;
  for (const entry of some) {
    for (let other = others[at]; other && other.seq > entry.seq; other = others[++at]) both.push(other);
    both.push(entry);
  }
  return [...both, ...others.slice(at)];
}

/** Mails that the main thread can't decide. */
export class Doubtful {
  readonly open: Set<Entry>;
  readonly found = new Set<Entry>();
  readonly missed = new Set<Entry>();

  constructor(entries: Iterable<Entry>) {
    this.open = new Set(entries);
  }

  decide(entry: Entry, verdict: Verdict): void {
    if (verdict === 'unknown') return;
    this.open.delete(entry);
    (verdict ? this.found : this.missed).add(entry);
  }
}
