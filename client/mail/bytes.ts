/** A `Buffer` where the runtime has it, a `Uint8Array` in browsers. */
export type Bytes = typeof globalThis extends { Buffer: { prototype: infer B } } ? B : Uint8Array;

/** The same octets in the type that the runtime's users expect, without copying. */
export function asBytes(octets: Uint8Array): Bytes {
  const { Buffer } = globalThis as { Buffer?: { from(octets: ArrayBufferLike, start: number, size: number): unknown } };
  return (Buffer?.from(octets.buffer, octets.byteOffset, octets.byteLength) ?? octets) as Bytes;
}
