import type { Counts, Position, Start, StoreEvent, Unnumbered } from './events.ts';

/** Events given to a reader at a time: so many it may hold while it does not read on. */
const MOST_AT_ONCE = 100;

interface EventLogOptions {
  /** Unlike any other in which these seqs were used. */
  readonly epoch: string;
  /** The totals at the moment. */
  readonly counts: () => Counts;
  /** How many of the latest events are kept. A reader that is further behind has to start over. */
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
  async *changes(after: Position | null, signal: AbortSignal): AsyncGenerator<readonly (Start | StoreEvent)[], void> {
    const resumed = after !== null && after.epoch === this.epoch && this.#remembers(after.seq);
    let seq = resumed ? after.seq : this.#seq;
    let wake = () => {};
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      yield [this.#start(seq, resumed)];
      while (!signal.aborted) {
        if (seq === this.#seq) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            this.#waiting.add(resolve);
          });
          continue;
        }
        const next = this.#after(seq);
        seq = next.at(-1)?.seq ?? this.#seq;
        yield next.length > 0 ? next : [this.#start(seq, false)];
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
    return seq === this.#seq || this.#after(seq).length > 0;
  }

  /** The next few events; none when they are not remembered any more. */
  #after(seq: number): readonly StoreEvent[] {
    const at = seq + 1 - (this.#recent[0]?.seq ?? 0);
    return at < 0 ? [] : this.#recent.slice(at, at + MOST_AT_ONCE);
  }
}
