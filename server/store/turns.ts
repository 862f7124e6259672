/** Runs at most this many pieces of work at a time; the rest wait in the order they were asked for. */
export class Lanes {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(lanes: number) {
    this.#free = lanes;
  }

  /**
   * Settles as the work does; work that fails does not hold up the next. A lane is claimed before this returns, and work
   * that finds one free also starts before this returns.
   */
  async take<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    // Whoever finishes hands its lane over, so that nobody else gets it in between.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Runs one piece of work at a time, in the order they were asked for. */
export class Turns extends Lanes {
  constructor() {
    super(1);
  }
}

/**
 * Work that may run side by side, and work that needs everything else to be finished. Both start in the order they were
 * asked for, so neither can keep the other waiting forever.
 */
export class Gate {
  readonly #turns = new Turns();
  readonly #running = new Set<Promise<unknown>>();
  #closed: Error | null = null;

  /** Runs beside other shared work. @throws what the gate was closed with */
  async share<T>(work: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    // The turn is only for starting: in an object, since a promise would be waited for.
    const { started } = await this.#turns.take(() => {
      this.#assertOpen();
      const started = work();
      this.#running.add(started);
      const over = () => void this.#running.delete(started);
      started.then(over, over);
      return { started };
    });
    return started;
  }

  /** Runs when everything that started before is finished, and keeps everything else waiting. @throws like `share` */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#turns.take(async () => {
      this.#assertOpen();
      await Promise.allSettled(this.#running);
      return work();
    });
  }

  #assertOpen(): void {
    if (this.#closed) throw this.#closed;
  }

  /** Runs the last work: anything requested from now on, or still waiting, is refused with this error. */
  async close(error: Error, work: () => Promise<void>): Promise<void> {
    this.#closed ??= error;
    await this.#turns.take(async () => {
      await Promise.allSettled(this.#running);
      await work();
    });
  }
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: items that arrive while a group is under way form the next one, so that many senders share the cost of
 * a commit. A group fails or succeeds as a whole.
 */
export class Groups<T, R> {
  readonly #turns: Turns;
  readonly #commit: (group: readonly T[]) => Promise<readonly R[]>;
  readonly #fits: (group: readonly T[], next: T) => boolean;
  #waiting: Waiting<T, R>[] = [];

  /** @param fits whether `next` may join the group; a group of one always may be */
  constructor(
    turns: Turns,
    commit: (group: readonly T[]) => Promise<readonly R[]>,
    fits: (group: readonly T[], next: T) => boolean,
  ) {
    this.#turns = turns;
    this.#commit = commit;
    this.#fits = fits;
  }

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length === 1) void this.#turns.take(() => this.#next());
    });
  }

  async #next(): Promise<void> {
    const group = this.#take();
    if (this.#waiting.length > 0) void this.#turns.take(() => this.#next());
    try {
      const results = await this.#commit(group.map(({ item }) => item));
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #take(): Waiting<T, R>[] {
    const items: T[] = [];
    for (const { item } of this.#waiting) {
      if (items.length > 0 && !this.#fits(items, item)) break;
      items.push(item);
    }
    return this.#waiting.splice(0, items.length);
  }
}
