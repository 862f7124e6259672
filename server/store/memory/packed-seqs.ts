/** The lower bits of a number that go into one octet, and the bit that says that more follow. */
const BITS = 7;
const MORE = 1 << BITS;

/**
 * Falling numbers in little space: of each only the distance from the one before is kept, in as few octets as it needs.
 * For a thousand searches that wait, each with a list of all mails, that is one octet for a mail instead of dozens.
 */
export class PackedSeqs {
  readonly #newest: number;
  readonly #octets: Uint8Array;

  /** @param items the newest first */
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

  /** Those of the items that it was made of. @param items the newest first, among which some may be missing */
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
