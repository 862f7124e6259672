/** How long all that is long may hold the event loop together before everybody else gets a turn, in milliseconds. */
const SLICE_MS = 5;
/** So many octets of input are worth a look at the clock. */
const LITTLE = 64 * 1024;

/**
 * Shares the event loop between pieces of long work, whichever connections they are for: when they have held it for a
 * slice of time, whoever is next waits, and one of those who wait goes on in each turn. Many at once take longer, but
 * don't hold the loop longer.
 */
export class Slices {
  readonly #waiting: (() => void)[] = [];
  /** On the clock of `performance`; null when no slice has begun in this turn of the event loop. */
  #until: number | null = null;
  /** Octets of input since somebody looked at the clock. */
  #octets = 0;

  /** Whether whoever asks should wait for a turn before going on. The first to ask in a turn begins its slice. */
  get over(): boolean {
    const now = performance.now();
    if (this.#until !== null) return now >= this.#until;
    this.#until = now + SLICE_MS;
    setImmediate(this.#next);
    return false;
  }

  /** Resolves when it is the caller's turn; it begins a new slice. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#wait(resolve));
  }

  /** Does work that stops every now and then, and returns what it returns in the end. */
  async run<T>(work: Iterator<unknown, T, undefined>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (this.over) await this.turn();
    }
  }

  /**
   * Does a short piece of work at once, or when it is its turn. The clock is only looked at when much has come.
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
