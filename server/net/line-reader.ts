/** A line without its line end, one char per octet (latin1); if it is too long, only its beginning. */
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
 * A line ends in LF; one CR before it is dropped. Clients that send a bare LF are common enough to be accepted. A line
 * that is too long is skipped to its end and reported once, so the stream stays in step and never buffers more than one
 * line's limit.
 *
 * Lines are read one at a time, because a line can change how the next one is read.
 */
export class LineReader {
  /** The longest accepted line, including its line end, in octets. May be changed between lines. */
  limit: number;
  #rest: Buffer = Buffer.alloc(0);
  /** The beginning of the line being skipped; null if none is. */
  #skipped: string | null = null;

  constructor(limit: number) {
    this.limit = limit;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** @returns null if there is no whole line yet */
  next(): Line | null {
    const end = this.#rest.indexOf(LF);
    if (end < 0) {
      // The unfinished line is already too long: drop it now, report it when it ends.
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

  /** Drops everything that was pushed but not read. */
  discard(): void {
    this.#rest = Buffer.alloc(0);
    this.#skipped = null;
  }
}
