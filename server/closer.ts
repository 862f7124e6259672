/**
 * Closes what was opened: one at a time in reverse order, or all at once. If it is disposed of before `move` is called,
 * it closes everything: that makes a start all or nothing.
 */
export class Closer implements AsyncDisposable {
  readonly #order: 'last first' | 'all at once';
  #open: AsyncDisposable[] = [];

  constructor(order: 'last first' | 'all at once' = 'last first') {
    this.#order = order;
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.#open.push(resource);
    return resource;
  }

  defer(close: () => void | Promise<void>): void {
    this.#open.push({ [Symbol.asyncDispose]: async () => close() });
  }

  /** Hands everything over to a new owner; this one then closes nothing. */
  move(): Closer {
    const owner = new Closer(this.#order);
    owner.#open = this.#open;
    this.#open = [];
    return owner;
  }

  /** Closes everything, even if some of it fails; throws the first error at the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    // Closing may wait for a timer or thread that does not keep the process alive, which could then exit too early.
    const awake = setInterval(() => {}, 60_000);
    const closing: Promise<void>[] = [];
    for (const resource of this.#open.splice(0).reverse()) {
      const closed = close(resource).catch((error: unknown) => void failures.push(error));
      if (this.#order === 'last first') await closed;
      else closing.push(closed);
    }
    await Promise.all(closing);
    clearInterval(awake);
    if (failures.length > 0) throw failures[0];
  }
}

async function close(resource: AsyncDisposable): Promise<void> {
  await resource[Symbol.asyncDispose]();
}
