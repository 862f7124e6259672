import { joined } from '../net/joined.ts';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const DOT_ON_A_NEW_LINE = Buffer.from('\r\n.');
/** Smaller chunks are copied together. */
const SMALL = 1024;
const LARGEST_SLAB = 64 * 1024;

/**
 * How much of CRLF "." CRLF was just seen. The beginning of the data counts as the beginning of a line. From `dot` on,
 * these octets are held back until their meaning is clear.
 */
type Seen = 'text' | 'cr' | 'crlf' | 'dot' | 'dot cr';

/**
 * Takes the octets after 354 up to CRLF "." CRLF and undoes dot-stuffing (RFC 5321 §4.5.2). No I/O.
 *
 * Only CRLF ends a line (RFC 5321 §2.3.8): a dot after a bare CR or LF neither ends the mail nor is removed, so nobody
 * can smuggle in a second mail, and the mail stays as sent.
 */
export class DataReader {
  readonly #maxOctets: number;
  #seen: Seen = 'crlf';
  #pieces: Buffer[] = [];
  /** Free octets in the last piece. */
  #room = 0;
  #size = 0;
  #undoubledDot = false;

  /** @param maxOctets a mail over this is only counted; nothing of it is kept */
  constructor(maxOctets: number) {
    this.#maxOctets = maxOctets;
  }

  /** Octets of the mail so far, even if it is too large to keep. */
  get size(): number {
    return this.#size;
  }

  get tooLarge(): boolean {
    return this.#size > this.#maxOctets;
  }

  /** True if a line began with a single dot and more text: the client forgot to double the dot. It was kept. */
  get undoubledDot(): boolean {
    return this.#undoubledDot;
  }

  /** @returns what follows the end of the mail; null if it has not ended yet */
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

  /** The mail; empty if it is too large. Yields now and then. */
  octets(): Generator<void, Buffer, undefined> {
    this.#endSlab();
    return joined(this.#pieces, this.tooLarge ? 0 : this.#size);
  }

  /** @returns the position of the next dot on a new line, or the end of the chunk */
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

  /** Keeps a chunk as received, unless it pins much more memory than needed. */
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

  /** Copies into slabs that grow with the mail: thousands of tiny chunks cost more than their content. */
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
