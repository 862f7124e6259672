import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Work } from './content-worker.ts';

/** Octets that are copied in one turn. */
const COPIED_AT_ONCE = 512 * 1024;

/**
 * One copy is made and moved: a Buffer that is sent would take along all of the memory that it is a view of. In several
 * turns when it is large, since fresh memory takes longer than the copying.
 */
export async function copied(work: Work): Promise<{ readonly work: Work; readonly moved: readonly ArrayBuffer[] }> {
  if (!('raw' in work)) return { work, moved: [] };
  const raw = Buffer.allocUnsafeSlow(work.raw.length);
  for (let at = 0; at < raw.length; at += COPIED_AT_ONCE) {
    if (at > 0) await nextTurn();
    raw.set(work.raw.subarray(at, at + COPIED_AT_ONCE), at);
  }
  return { work: { ...work, raw }, moved: [raw.buffer] };
}
