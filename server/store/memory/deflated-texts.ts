import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { Kept, Scratch } from '../archive.ts';

const deflated = promisify(deflateRaw);

/** Texts in memory that take a fraction of their room, and that the garbage collector need not look at. */
export class DeflatedTexts implements Scratch {
  readonly charsAtHand: number;

  constructor(charsAtHand = 2 * 1024 * 1024) {
    this.charsAtHand = charsAtHand;
  }

  async keep(text: string): Promise<Kept> {
    // Most of the smallness is to be had for little work.
    // A copy: what zlib gives is a view of a chunk that is much larger.
    const octets = new Uint8Array(await deflated(Buffer.from(text), { level: 3 }));
    return { read: () => inflateRawSync(octets).toString(), release: () => {} };
  }
}
