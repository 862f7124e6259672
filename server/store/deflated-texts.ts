import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { Kept, Scratch } from './archive.ts';

const deflated = promisify(deflateRaw);

/** Keeps texts compressed in memory, outside the heap that the garbage collector scans. */
export class DeflatedTexts implements Scratch {
  readonly charsAtHand: number;

  constructor(charsAtHand = 2 * 1024 * 1024) {
    this.charsAtHand = charsAtHand;
  }

  async keep(text: string): Promise<Kept> {
    // Level 3 gives most of the compression for little work.
    // A copy: zlib returns a view of a much larger chunk.
    const octets = new Uint8Array(await deflated(Buffer.from(text), { level: 3 }));
    return { read: async () => inflateRawSync(octets).toString(), release: () => {} };
  }
}
