import { joined } from '../net/joined.ts';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const DOT_ON_A_NEW_LINE = Buffer.from('\r\n.');
/** Chunks that are smaller are copied together. */
const SMALL = 1024;
const LARGEST_SLAB = 64 * 1024;

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
  #pieces: Buffer[] = [];
  /** Octets that are free in the last piece. */
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

  /** The mail; of one that is too large nothing. Stops every now and then. */
  octets(): Generator<void, Buffer, undefined> {
    this.#endSlab();
    return joined(this.#pieces, this.tooLarge ? 0 : this.#size);
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

  /** A chunk is kept as it came, unless it takes up much more memory than is wanted of it. */
  #keep(octets: Buffer): void {
    this.#size += octets.length;
    if (this.tooLarge) {
      this.#pieces = [];
      this.#room = 0;
    } else if (octets.length >= SMALL && octets.length * 2 > octets.buffer.byteLength) {
      this.#endSlab();
      this.#pieces.push(octets);
    } else this.#copy(octets);
  }

  /** Into slabs, which grow with the mail: thousands of tiny chunks cost more than what is in them. */
  #copy(octets: Buffer): void {
    for (let from = 0; from < octets.length; ) {
      if (this.#room === 0) {
        this.#room = Math.max(octets.length - from, Math.min(this.#size, LARGEST_SLAB));
        this.#pieces.push(Buffer.allocUnsafe(this.#room));
      }
      const slab = this.#pieces.at(-1);
      const copied = slab ? octets.copy(slab, slab.length - this.#room, from) : 0;
      this.#room -= copied;
      from += copied;
    }
  }

  #endSlab(): void {
    const slab = this.#pieces.at(-1);
    if (slab && this.#room > 0) this.#pieces[this.#pieces.length - 1] = slab.subarray(0, slab.length - this.#room);
    this.#room = 0;
  }
}
