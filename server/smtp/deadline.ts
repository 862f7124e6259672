/** A clock for one thing at a time. It does not keep the process alive. */
export class Deadline {
  readonly #passed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #allowed = 0;

  /** @param passed called when the time is over */
  constructor(passed: () => void) {
    this.#passed = passed;
  }

  /** Starts again from now, in milliseconds. */
  restart(milliseconds: number): void {
    if (this.#timer && this.#allowed === milliseconds) return void this.#timer.refresh();
    this.stop();
    this.#allowed = milliseconds;
    this.#timer = setTimeout(this.#passed, milliseconds).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
