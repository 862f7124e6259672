import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';

/** How many descriptors are kept for other things than connections: files of mails, the inbox, threads. */
const RESERVE = 32;

/** Refusals that are closer together than this are logged as one, in milliseconds. */
const QUIET_MS = 60_000;

/**
 * Says of a connection that was just accepted whether there are too few descriptors left to keep it, and logs when that
 * begins. When there are none at all, libuv closes new connections without a word to anybody; so we stop before that.
 *
 * A new descriptor gets the lowest number that is free. So its number says how many are in use, whatever for.
 * @param limit how many descriptors this process may have; null when that is unknown
 */
export function descriptorGuard(log: Log, limit = descriptorLimit()): (socket: Socket) => boolean {
  if (limit === null) return () => false;
  const highest = limit - Math.min(RESERVE, Math.floor(limit / 4));
  let last = Number.NEGATIVE_INFINITY;
  return (socket) => {
    if (numberOf(socket) < highest) return false;
    const now = performance.now();
    if (now - last > QUIET_MS)
      log.warn('out of descriptors', {
        limit,
        reason: 'new connections are refused until others have ended; ulimit -n sets how many files may be open',
      });
    last = now;
    return true;
  };
}

/** Undocumented, and absent on Windows; without it nothing is refused. */
function numberOf(socket: Socket): number {
  const { _handle: handle } = socket as { _handle?: { fd?: unknown } | null };
  return typeof handle?.fd === 'number' ? handle.fd : -1;
}

/** Null if there is no such file. By now Node has raised the soft limit to the hard one. */
function descriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
