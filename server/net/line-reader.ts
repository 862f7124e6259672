/** A line without its line end, one char per octet (latin1); of one that is longer than allowed, only how it begins. */
export type Line =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'too-long'; readonly begin: string };

/** How much of a line that is too long is kept, in octets. */
const BEGIN = 32;

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
  /** How the line begins that is being skipped; null when none is. */
  #skipped: string | null = null;

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
      if (this.#rest.length >= this.limit) this.#skipped ??= this.#rest.toString('latin1', 0, BEGIN);
      if (this.#skipped !== null) this.#rest = Buffer.alloc(0);
      return null;
    }
    const tooLong = this.#skipped !== null || end + 1 > this.limit;
    const lineEnd = tooLong ? Math.min(end, BEGIN) : this.#rest[end - 1] === CR ? end - 1 : end;
    const text = this.#rest.toString('latin1', 0, lineEnd);
    const begin = this.#skipped ?? text;
    this.#rest = this.#rest.subarray(end + 1);
    this.#skipped = null;
    return tooLong ? { type: 'too-long', begin } : { type: 'line', text };
  }

  /** Forgets everything that was pushed and not taken. */
  discard(): void {
    this.#rest = Buffer.alloc(0);
    this.#skipped = null;
  }
}
