const PAGE_BITS = 1024;

/**
 * An immutable set of message numbers: marking one returns a new set that shares all but one page with the old one. So
 * a session state stays plain data, and 100,000 DELEs don't copy 100,000 growing sets.
 */
export class Marks {
  static readonly none = new Marks([], 0);
  readonly size: number;
  readonly #pages: readonly (Uint8Array | undefined)[];

  private constructor(pages: readonly (Uint8Array | undefined)[], size: number) {
    this.#pages = pages;
    this.size = size;
  }

  has(number: number): boolean {
    const page = this.#pages[Math.floor(number / PAGE_BITS)];
    return page !== undefined && ((page[(number % PAGE_BITS) >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  with(number: number): Marks {
    if (this.has(number)) return this;
    const at = Math.floor(number / PAGE_BITS);
    const page = Uint8Array.from(this.#pages[at] ?? new Uint8Array(PAGE_BITS / 8));
    const byte = (number % PAGE_BITS) >> 3;
    page[byte] = (page[byte] ?? 0) | (1 << (number & 7));
    const pages = [...this.#pages];
    pages[at] = page;
    return new Marks(pages, this.size + 1);
  }
}
