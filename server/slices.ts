/** How long all long-running work together may block the event loop in one turn, in milliseconds. */
const SLICE_MS = 5;
/** Check the clock only after this much input, in octets. */
const LITTLE = 64 * 1024;

/**
 * Shares the event loop between pieces of long work, for all connections. When they have used up a time slice, the next
 * one waits, and in each turn of the loop one waiting piece continues. More work takes longer, but does not block the
 * loop longer.
 */
export class Slices {
  readonly #waiting: (() => void)[] = [];
  /** Time on the `performance` clock; null if no slice has begun in this turn of the event loop. */
  #until: number | null = null;
  /** Octets of input since the last look at the clock. */
  #octets = 0;

  /** Whether the caller should wait for a turn before it continues. The first call in a turn begins its slice. */
  get over(): boolean {
    const now = performance.now();
    if (this.#until !== null) return now >= this.#until;
    this.#until = now + SLICE_MS;
    setImmediate(this.#next);
    return false;
  }

  /** Resolves when it is the caller's turn, which begins a new slice. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#wait(resolve));
  }

  /** Runs a generator that yields now and then, and returns its final value. */
  async run<T>(work: Iterator<unknown, T, undefined>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (this.over) await this.turn();
    }
  }

  /**
   * Does a short piece of work, at once or when it is its turn. Checks the clock only after much input.
   * @param octets of input that cost about as much
   */
  share(octets: number, work: () => void): void {
    this.#octets += octets;
    if (this.#until === null && this.#octets < LITTLE) return work();
    this.#octets = 0;
    if (this.over) this.#wait(work);
    else work();
  }

  #wait(work: () => void): void {
    this.#waiting.push(work);
    if (this.#until !== null) return;
    this.#until = performance.now() + SLICE_MS;
    setImmediate(this.#next);
  }

  readonly #next = () => {
    const next = this.#waiting.shift();
    this.#until = next === undefined ? null : performance.now() + SLICE_MS;
    if (next === undefined) return;
    setImmediate(this.#next);
    next();
  };
}
