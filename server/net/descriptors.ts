import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';

/** Descriptors reserved for things other than connections: mail files, the inbox, threads. */
const RESERVE = 32;

/** Rejections closer together than this are logged as one, in milliseconds. */
const QUIET_MS = 60_000;

/**
 * Returns a function that says whether too few descriptors are left to keep a connection that was just accepted, and
 * logs when that begins. With none left, libuv silently closes new connections; so we stop before that.
 *
 * A new descriptor gets the lowest free number, so its number shows how many are in use, for whatever purpose.
 * @param limit the process's limit on descriptors; null if unknown
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

/** Undocumented, and missing on Windows; without it no connection is rejected. */
function numberOf(socket: Socket): number {
  const { _handle: handle } = socket as { _handle?: { fd?: unknown } | null };
  return typeof handle?.fd === 'number' ? handle.fd : -1;
}

/** Null if the file does not exist. Node has already raised the soft limit to the hard one. */
function descriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** Files that a module opens with those that it imports, at most. */
const FILES_OF_A_MODULE = 12;

/**
 * Imports a module, if there are descriptors for its files. Without them Node would fail, and remember the failure: the
 * module could not be imported any more in this process.
 * @throws `EMFILE`
 */
export async function importIfRoom<T>(load: () => Promise<T>): Promise<T> {
  const held: number[] = [];
  try {
    while (held.length < FILES_OF_A_MODULE) held.push(openSync(process.execPath, 'r'));
  } finally {
    for (const descriptor of held) closeSync(descriptor);
  }
  return load();
}
