interface Numbered {
  readonly seq: number;
}

/**
 * Items in order of `seq`. Appending, dropping the oldest and reading a page are cheap for any number of items;
 * removing one from the middle shifts the array.
 */
export class Sequence<T extends Numbered> {
  #items: T[] = [];
  /**
   * Items before this index were dropped. They leave the array in batches, since each `shift` would move all the rest.
   */
  #start = 0;

  get size(): number {
    return this.#items.length - this.#start;
  }

  get oldest(): T | undefined {
    return this.#items[this.#start];
  }

  get newest(): T | undefined {
    return this.size > 0 ? this.#items.at(-1) : undefined;
  }

  append(item: T): void {
    this.#items.push(item);
  }

  /** Inserts an item in order, not necessarily at the end. */
  insert(item: T): void {
    if (item.seq > (this.#items.at(-1)?.seq ?? 0)) this.#items.push(item);
    else this.#items.splice(this.#indexAfter(item.seq), 0, item);
  }

  dropOldest(): void {
    this.#start += 1;
    if (this.#start > 1024 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
  }

  remove(item: T): void {
    if (item === this.oldest) return this.dropOldest();
    this.#items.splice(this.#indexAfter(item.seq - 1), 1);
  }

  removeAll(gone: ReadonlySet<T>): void {
    this.#items = this.#items.slice(this.#start).filter((item) => !gone.has(item));
    this.#start = 0;
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }

  /** Newest first: items with `after < seq < before`, skipping `offset`, at most `limit`. */
  page({ limit, offset = 0, before = Number.POSITIVE_INFINITY, after = -1 }: Window): T[] {
    const low = this.#indexAfter(after);
    const high = this.#indexAfter(before - 1) - offset;
    return this.#items.slice(Math.max(low, high - limit), Math.max(low, high)).reverse();
  }

  newestFirst(): T[] {
    return this.#items.slice(this.#start).reverse();
  }

  *oldestFirst(): Generator<T> {
    for (let at = this.#start; at < this.#items.length; at++) {
      const item = this.#items[at];
      if (item !== undefined) yield item;
    }
  }

  /** Index of the first item whose seq is greater. */
  #indexAfter(seq: number): number {
    let low = this.#start;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item !== undefined && item.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Window {
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}
