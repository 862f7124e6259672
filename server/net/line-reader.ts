/** A line without its line end, one char per octet (latin1), or the news that one was longer than allowed. */
export type Line = { readonly type: 'line'; readonly text: string } | { readonly type: 'too-long' };

const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits a byte stream into lines, without I/O.
 *
 * A line ends in LF, and one CR before it is dropped: clients that send a bare LF are common enough to be
 * served. A line that is too long is skipped up to its end and reported once, so the stream stays in step,
 * and no more than one line's limit is ever kept of it.
 *
 * Lines are taken out one at a time, because what one says can change how the next is to be read.
 */
export class LineReader {
  /** The longest line that is taken, its line end included, in octets. May be changed between lines. */
  limit: number;
  #rest: Buffer = Buffer.alloc(0);
  #skipping = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** @returns null when there is no whole line yet */
  next(): Line | null {
    const end = this.#rest.indexOf(LF);
    if (end < 0) {
      // What is here without its end is already too long: forget it now, tell when the end comes.
      if (this.#rest.length >= this.limit) this.#skipping = true;
      if (this.#skipping) this.#rest = Buffer.alloc(0);
      return null;
    }
    const tooLong = this.#skipping || end + 1 > this.limit;
    const text = tooLong ? '' : this.#rest.toString('latin1', 0, this.#rest[end - 1] === CR ? end - 1 : end);
    this.#rest = this.#rest.subarray(end + 1);
    this.#skipping = false;
    return tooLong ? { type: 'too-long' } : { type: 'line', text };
  }

  /** Forgets everything that was pushed and not taken. */
  discard(): void {
    this.#rest = Buffer.alloc(0);
    this.#skipping = false;
  }
}
