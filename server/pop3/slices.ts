/** How long all that is long may hold the event loop together before everybody else gets a turn, in milliseconds. */
const SLICE_MS = 5;

/**
 * Shares the event loop between pieces of long work, whichever connections they are for: in each of its turns one of them
 * goes on, for a slice of time. Many at once take longer, but don't hold the loop longer.
 */
export class Slices {
  readonly #waiting: (() => void)[] = [];
  /** On the clock of `performance`. */
  #until = 0;

  /** Whether whoever asks should wait for a turn before going on. */
  get over(): boolean {
    return performance.now() >= this.#until;
  }

  /** Resolves when it is the caller's turn; it begins a new slice. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#next);
    });
  }

  /** Does work that stops every now and then, and returns what it returns in the end. */
  async run<T>(work: Iterator<unknown, T, undefined>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (this.over) await this.turn();
    }
  }

  readonly #next = () => {
    this.#until = performance.now() + SLICE_MS;
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#next);
  };
}
