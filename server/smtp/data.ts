const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const DOT_ON_A_NEW_LINE = Buffer.from('\r\n.');
const LARGEST_SLAB = 1024 * 1024;

/**
 * How much of CRLF "." CRLF has just been seen. The beginning of the data counts as the beginning of a line.
 * From `dot` on, what was seen is held back until it is clear what it means.
 */
type Seen = 'text' | 'cr' | 'crlf' | 'dot' | 'dot cr';

/**
 * Takes the octets that follow 354 until CRLF "." CRLF and undoes the doubling of dots (RFC 5321 §4.5.2).
 * No I/O.
 *
 * Only CRLF ends a line (RFC 5321 §2.3.8): a dot after a bare CR or LF neither ends the mail nor is
 * taken away, so nobody can smuggle a second mail in, and the mail stays as it was sent.
 */
export class DataReader {
  readonly #maxOctets: number;
  #seen: Seen = 'crlf';
  #slabs: Buffer[] = [];
  #room = 0;
  #size = 0;
  #undoubledDot = false;

  /** @param maxOctets what comes beyond is counted, but not kept, and neither is what came before */
  constructor(maxOctets: number) {
    this.#maxOctets = maxOctets;
  }

  /** Octets of the mail so far, also when it is too large to be kept. */
  get size(): number {
    return this.#size;
  }

  get tooLarge(): boolean {
    return this.#size > this.#maxOctets;
  }

  /** True when a line began with one dot and more: the client forgot to double it. It was kept. */
  get undoubledDot(): boolean {
    return this.#undoubledDot;
  }

  /** @returns what came after the end of the mail; null when the end has not come yet */
  push(chunk: Buffer): Buffer | null {
    let at = 0;
    while (at < chunk.length) {
      const octet = chunk[at];
      switch (this.#seen) {
        case 'text':
          at = this.#text(chunk, at);
          break;
        case 'cr':
          if (octet === LF) this.#keep(chunk.subarray(at, ++at));
          this.#seen = octet === LF ? 'crlf' : 'text';
          break;
        case 'crlf':
          if (octet === DOT) at++;
          this.#seen = octet === DOT ? 'dot' : 'text';
          break;
        case 'dot':
          if (octet === CR) at++;
          else if (octet !== DOT) this.#keepDot('.');
          this.#seen = octet === CR ? 'dot cr' : 'text';
          break;
        case 'dot cr':
          if (octet === LF) return chunk.subarray(at + 1);
          this.#keepDot('.\r');
          this.#seen = 'text';
          break;
      }
    }
    return null;
  }

  /** The mail. */
  octets(): Buffer {
    const [first, ...more] = this.#slabs;
    if (first && more.length === 0 && this.#room === 0) return first;
    const last = this.#slabs.at(-1);
    if (last) this.#slabs[this.#slabs.length - 1] = last.subarray(0, last.length - this.#room);
    this.#room = 0;
    return Buffer.concat(this.#slabs, this.tooLarge ? 0 : this.#size);
  }

  /** @returns where the next dot on a new line is, or the end of the chunk */
  #text(chunk: Buffer, from: number): number {
    const found = chunk.indexOf(DOT_ON_A_NEW_LINE, from);
    const end = found < 0 ? chunk.length : found + 2;
    this.#keep(chunk.subarray(from, end));
    const last = chunk[end - 1];
    if (last === LF && end - from >= 2 && chunk[end - 2] === CR) this.#seen = 'crlf';
    else if (last === CR) this.#seen = 'cr';
    return end;
  }

  #keepDot(heldBack: string): void {
    this.#undoubledDot = true;
    this.#keep(Buffer.from(heldBack));
  }

  /**
   * Copied into slabs, which grow with the mail: a chunk of a socket may pin much more memory than it
   * shows, and thousands of tiny chunks cost more than what is in them.
   */
  #keep(octets: Buffer): void {
    this.#size += octets.length;
    if (this.tooLarge) {
      this.#slabs = [];
      this.#room = 0;
      return;
    }
    for (let from = 0; from < octets.length; ) {
      if (this.#room === 0) {
        this.#room = Math.max(octets.length - from, Math.min(this.#size, LARGEST_SLAB));
        this.#slabs.push(Buffer.allocUnsafe(this.#room));
      }
      const slab = this.#slabs.at(-1);
      const copied = slab ? octets.copy(slab, slab.length - this.#room, from) : 0;
      this.#room -= copied;
      from += copied;
    }
  }
}
