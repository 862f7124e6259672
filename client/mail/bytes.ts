/** A `Buffer` where there are such, a `Uint8Array` in a browser. */
export type Bytes = typeof globalThis extends { Buffer: { prototype: infer B } } ? B : Uint8Array;

/** The same octets as what the runtime's users expect; nothing is copied. */
export function asBytes(octets: Uint8Array): Bytes {
  const { Buffer } = globalThis as { Buffer?: { from(octets: ArrayBufferLike, start: number, size: number): unknown } };
  return (Buffer?.from(octets.buffer, octets.byteOffset, octets.byteLength) ?? octets) as Bytes;
}
