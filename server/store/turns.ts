/** Lets one piece of work run at a time, in the order in which they were asked for. */
export class Turns {
  /** Settles when whoever has the turn is done; null when nobody has it. */
  #last: Promise<void> | null = null;

  /**
   * Settles as the work does; work that fails does not hold up what comes after it. It begins at once when nobody else
   * has the turn.
   */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last === null ? begin(work) : this.#last.then(work);
    const over = () => {
      if (this.#last === last) this.#last = null;
    };
    const last = turn.then(over, over);
    this.#last = last;
    return turn;
  }
}

async function begin<T>(work: () => T | Promise<T>): Promise<T> {
  return work();
}

/** Lets so many pieces of work run at a time; the others wait, in the order in which they were asked for. */
export class Lanes {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(lanes: number) {
    this.#free = lanes;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
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

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: items that come while a group is under way form the next one, so that however many senders there are,
 * they share what a commit costs. A group fails or succeeds as a whole.
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
