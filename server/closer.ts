/**
 * Closes what was opened, in reverse order. Disposed of before `move` was called, it takes everything
 * down again: that is how a start is all or nothing.
 */
export class Closer implements AsyncDisposable {
  #open: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.#open.push(resource);
    return resource;
  }

  defer(close: () => void | Promise<void>): void {
    this.#open.push({ [Symbol.asyncDispose]: async () => close() });
  }

  /** Hands everything over to a new owner; this one closes nothing any more. */
  move(): Closer {
    const owner = new Closer();
    owner.#open = this.#open;
    this.#open = [];
    return owner;
  }

  /** Closes all, also when one fails; the first failure is thrown in the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    // A resource may wait for a timer or a thread that doesn't keep the process alive, which could then end too early.
    const awake = setInterval(() => {}, 60_000);
    for (const resource of this.#open.splice(0).reverse()) {
      try {
        await resource[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    clearInterval(awake);
    if (failures.length > 0) throw failures[0];
  }
}
