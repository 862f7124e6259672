import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Work } from './content-worker.ts';

/** Octets that are copied in one turn. */
const COPIED_AT_ONCE = 512 * 1024;

/**
 * Copies the octets once, so that they can be transferred: transferring a Buffer would take the whole memory that it is
 * a view of. Copies large ones over several turns, since touching fresh memory is slower than the copying.
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
