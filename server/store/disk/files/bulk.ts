import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Bulk file work, done in a worker thread. Writing and syncing each file through Node's pool costs the main thread as
 * much as receiving a mail, and the disk ten times as much as one sync of the whole file system. Node has no `syncfs`,
 * so this uses `sync` of coreutils or busybox.
 */

/** User only: mails are private. */
export const FILE_MODE = 0o600;

/** Timeout of a sync, in milliseconds: it also writes what other programs have left unwritten. */
const SYNC_MS = 5000;

export interface WriteTask {
  readonly does: 'write';
  readonly folder: string;
  readonly names: readonly string[];
  /** The contents of all files, concatenated. */
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

/** A system error as plain data: errors lose their code between threads. */
export interface Failed {
  readonly message: string;
  readonly code: string | undefined;
}

/** Creates files, synced when it returns. If it throws, some of them may exist. */
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

/** How long files are synced one by one after a failed `sync`, in milliseconds. */
const WITHOUT_MS = 60_000;

let withoutUntil = 0;

/** @returns whether everything written to the file system is on disk; if not, sync each file to get the error */
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
