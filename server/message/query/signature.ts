/**
 * A Bloom filter of the trigrams of a text: one bit per hash. It quickly rules out a term without reading the text;
 * if the term is possible, the text itself must be searched.
 */
export type Signature = Uint32Array;

/** 4,096 bits: a text of some thousand characters fills about a third of them. */
const WORDS = 128;
const SHIFT = 32 - 12;

export function signatureOf(text: string): Signature {
  const signature = new Uint32Array(WORDS);
  forEachBit(text, (bit) => {
    signature[bit >>> 5] = (signature[bit >>> 5] ?? 0) | (1 << (bit & 31));
  });
  return signature;
}

/** The bits that a text with the term must have; none for a term of one or two characters. */
export function bitsOf(term: string): readonly number[] {
  const bits = new Set<number>();
  forEachBit(term, (bit) => bits.add(bit));
  return [...bits];
}

export function mayHold(signature: Signature, bits: readonly number[]): boolean {
  for (const bit of bits) {
    if (((signature[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

function forEachBit(text: string, take: (bit: number) => void): void {
  let [a, b] = [text.charCodeAt(0), text.charCodeAt(1)];
  for (let i = 2; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // Multiplicative hashing (Knuth): the upper bits of the product depend on all three characters.
    take(Math.imul(Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ c, 0xc2b2ae35) >>> SHIFT);
    a = b;
    b = c;
  }
}
