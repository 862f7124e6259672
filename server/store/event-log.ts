import type { Counts, Position, Start, StoreEvent, Unnumbered } from './events.ts';

interface EventLogOptions {
  /** Unlike any other in which these seqs were used. */
  readonly epoch: string;
  /** The totals at the moment. */
  readonly counts: () => Counts;
  /** How many events a reader may fall behind. */
  readonly remember?: number;
}

/** Numbers the events and remembers the latest ones. Readers take them at their own pace and hold only their position. */
export class EventLog {
  readonly epoch: string;
  readonly #counts: () => Counts;
  readonly #remember: number;
  readonly #recent: StoreEvent[] = [];
  /** Wakes each reader that waits for the next event. */
  readonly #waiting = new Set<() => void>();
  #seq = 0;

  constructor({ epoch, counts, remember = 1000 }: EventLogOptions) {
    this.epoch = epoch;
    this.#counts = counts;
    this.#remember = remember;
  }

  /** Of the newest event. */
  get seq(): number {
    return this.#seq;
  }

  /** Continues after the seqs of an earlier run. Call it before anything else. */
  continueAfter(seq: number): void {
    this.#seq = seq;
  }

  /** Gives the event the next seq. */
  publish(change: Unnumbered): void {
    this.#seq += 1;
    if (change.type === 'searches') this.#dropEarlierSearches();
    this.#recent.push({ ...change, seq: this.#seq, counts: this.#counts() });
    // Trimmed in batches: shifting a long array on each event would cost more than the event itself.
    if (this.#recent.length >= this.#remember * 2) this.#recent.splice(0, this.#recent.length - this.#remember);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Each such event has all searches: only the latest is worth keeping. Another event takes the seq of the one before. */
  #dropEarlierSearches(): void {
    const at = this.#recent.findLastIndex(({ type }) => type === 'searches');
    const before = this.#recent[at];
    if (before) this.#recent[at] = { type: 'updated', ids: [], change: {}, seq: before.seq, counts: before.counts };
  }

  /** See `Store.changes`. */
  async *changes(after: Position | null, signal: AbortSignal): AsyncGenerator<Start | StoreEvent, void> {
    const resumed = after !== null && after.epoch === this.epoch && this.#remembers(after.seq);
    let seq = resumed ? after.seq : this.#seq;
    let wake = () => {};
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      yield this.#start(seq, resumed);
      while (!signal.aborted) {
        if (seq === this.#seq) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            this.#waiting.add(resolve);
          });
          continue;
        }
        const next = this.#after(seq);
        seq = next?.seq ?? this.#seq;
        yield next ?? this.#start(seq, false);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting.delete(wake);
    }
  }

  #start(seq: number, resumed: boolean): Start {
    return { type: 'start', epoch: this.epoch, seq, counts: this.#counts(), resumed };
  }

  #remembers(seq: number): boolean {
    return seq === this.#seq || this.#after(seq) !== undefined;
  }

  #after(seq: number): StoreEvent | undefined {
    return this.#recent[seq + 1 - (this.#recent[0]?.seq ?? 0)];
  }
}
