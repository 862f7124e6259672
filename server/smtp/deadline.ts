/** A timer for one thing at a time. It does not keep the process alive. */
export class Deadline {
  readonly #passed: () => void;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer fires, and when the time is over: on the `performance` clock, in milliseconds. */
  #looks = 0;
  #over = 0;

  /** @param passed called when the time is over */
  constructor(passed: () => void) {
    this.#passed = passed;
  }

  /** Restarts it, in milliseconds from now. */
  restart(milliseconds: number): void {
    this.#over = performance.now() + milliseconds;
    // Restarted for every command, so the timer is left as it is and checks the time when it fires.
    if (this.#timer === null || this.#looks > this.#over) this.#lookAfter(milliseconds);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #lookAfter(milliseconds: number): void {
    this.stop();
    this.#looks = performance.now() + milliseconds;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const left = this.#over - performance.now();
      if (left > 0) this.#lookAfter(Math.ceil(left));
      else this.#passed();
    }, milliseconds).unref();
  }
}
