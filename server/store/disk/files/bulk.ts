import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/*
 * What a thread of its own does with many files. To have each written and synced by Node's pool takes the main thread as
 * long as taking a mail, and the disk ten times as long as one sync of the whole file system, by the `sync` of coreutils
 * or busybox: Node has no `syncfs`.
 */

/** Only for the user: mails are nobody else's business. */
export const FILE_MODE = 0o600;

/** A sync may take no longer, in milliseconds: it writes what other programs have left to be written, too. */
const SYNC_MS = 5000;

export interface WriteTask {
  readonly does: 'write';
  readonly folder: string;
  readonly names: readonly string[];
  /** Of all files, one after the other. */
  readonly octets: Uint8Array;
  readonly lengths: readonly number[];
}

export interface MoveTask {
  readonly does: 'move';
  readonly names: readonly string[];
  readonly from: string;
  readonly to: string;
}

export type WriterTask = WriteTask | MoveTask;

/** An error of the system: between threads, an error loses its code. */
export interface Failed {
  readonly message: string;
  readonly code: string | undefined;
}

/** New files, on the disk when it returns. When it throws, some of them may be there. */
export function writeAll({ folder, names, octets, lengths }: WriteTask, syncMs = SYNC_MS): void {
  let begin = 0;
  for (const [index, name] of names.entries()) {
    const end = begin + (lengths[index] ?? 0);
    const file = openSync(join(folder, name), 'wx', FILE_MODE);
    try {
      for (let at = begin; at < end; ) at += writeSync(file, octets, at, end - at);
    } finally {
      closeSync(file);
    }
    begin = end;
  }
  if (!syncAll(folder, syncMs)) for (const name of names) syncFile(join(folder, name));
}

/** For how long each file is synced by itself after that, in milliseconds. */
const WITHOUT_MS = 60_000;

let withoutUntil = 0;

/** @returns whether all that was written to the file system is on the disk; if not, each file says why */
function syncAll(folder: string, timeout: number): boolean {
  if (performance.now() < withoutUntil) return false;
  const options = { stdio: 'ignore', timeout, killSignal: 'SIGKILL' } as const;
  const { status } = spawnSync('sync', ['-f', folder], options);
  if (status !== 0) withoutUntil = performance.now() + WITHOUT_MS;
  return status === 0;
}

export function moveAll({ names, from, to }: MoveTask): void {
  for (const name of names) renameSync(join(from, name), join(to, name));
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
