import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';

/** Descriptors reserved for things other than connections: mail files, the inbox, threads. */
const RESERVE = 32;

/** A shortage is over when no connection was refused for this long, in milliseconds. */
const OVER_MS = 60_000;

/**
 * Refuses connections while too few descriptors are left, and logs when that begins and is over. With none left, libuv
 * silently closes new connections; so we stop before that. All listeners of a process share one: so do their descriptors.
 *
 * A new descriptor gets the lowest free number, so its number shows how many are in use, for whatever purpose.
 */
export class DescriptorGuard implements Disposable {
  readonly #log: Log;
  readonly #limit: number;
  #refused = 0;
  #over: NodeJS.Timeout | undefined;

  /** @param limit the process's limit on descriptors; null if unknown */
  constructor(log: Log, limit = descriptorLimit()) {
    this.#log = log;
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a connection that was just accepted must be refused. */
  refuses(socket: Socket): boolean {
    if (numberOf(socket) < this.#limit - Math.min(RESERVE, Math.floor(this.#limit / 4))) return false;
    if (this.#refused++ === 0)
      this.#log.warn('out of descriptors', {
        limit: this.#limit,
        reason:
          'connections and files use up what this process may open: new SMTP and POP3 connections are refused until others have ended; ulimit -n sets the limit',
      });
    this.#over ??= setTimeout(() => this.#end(), OVER_MS).unref();
    this.#over.refresh();
    return true;
  }

  /** Logs no more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#over);
  }

  #end(): void {
    this.#log.info('descriptors left again', { refused: this.#refused });
    this.#refused = 0;
    this.#over = undefined;
  }
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
