import { close, closeSync, constants, fstatSync, fsync, open, rename, unlink, write, writev } from 'node:fs';
import { access, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../../make-folder.ts';
import { Lanes } from '../../turns.ts';
import { FILE_MODE } from './bulk.ts';
import { canSyncAll, inAThread } from './writer-thread.ts';

/** A newly created file. */
export interface NewFile {
  /** Appends the pieces in order. */
  write(...pieces: readonly Uint8Array[]): Promise<void>;
  /** Overwrites octets in place; never extends the file. */
  overwrite(octets: Uint8Array, at: number): Promise<void>;
  /**
   * Until it has resolved, a power loss may lose what was written. Rejects when the file was deleted, since nobody
   * could find the data.
   */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** All disk changes, as single steps, so that tests can make any step fail or be the last one. */
export interface Files {
  /**
   * Fails if the file exists.
   * @param writes how it will be written: for many writes, an explicit sync is cheaper than syncing each write
   */
  create(path: string, writes?: 'one' | 'many'): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  /** Succeeds if there is no such file. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** Makes creations, renames and removals in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /**
   * Creates files in a folder, by name, in the background. All are on disk when it resolves; some may exist when it
   * rejects.
   */
  createAll(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Renames the files in this order. */
  renameAll(names: readonly string[], from: string, to: string): Promise<void>;
}

/** The operations on a single file or folder. */
export type SingleFiles = Omit<Files, 'createAll' | 'renameAll'>;

/** User only. */
const FOLDER_MODE = 0o700;

/**
 * Data written to a file opened with these flags is on disk when the write is done. Saves a separate sync per mail in
 * Node's thread pool, which has four threads. Only known to be as good as a sync on Linux.
 */
const SYNCED =
  process.platform === 'linux' ? constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC : null;

// Promisified callbacks: `node:fs/promises` takes 50% longer, several times per mail.
const opened = promisify(open);
const written = promisify(write);
const writtenAll = promisify(writev);
const flushed = promisify(fsync);
const closed = promisify(close);
const unlinked = promisify(unlink);

const single: SingleFiles = {
  create: async (path, writes = 'many') => {
    const synced = writes === 'one' ? SYNCED : null;
    const file = await opened(path, synced ?? 'wx', FILE_MODE);
    let length = 0;
    const writeAt = async (octets: Uint8Array, position: number) => {
      for (let at = 0; at < octets.length; )
        at += (await written(file, octets, at, octets.length - at, position + at)).bytesWritten;
    };
    return {
      async write(...pieces) {
        const position = length;
        length += lengthOf(pieces);
        const done = pieces.length === 1 ? 0 : (await writtenAll(file, pieces, position)).bytesWritten;
        // A system call may write less than it is given.
        if (position + done < length) await writeAt(Buffer.concat(pieces).subarray(done), position + done);
      },
      async overwrite(octets, at) {
        const { size } = fstatSync(file);
        if (at < size) await writeAt(octets.subarray(0, size - at), at);
      },
      async sync() {
        if (synced === null) await flushed(file);
        if (fstatSync(file).nlink === 0)
          throw Object.assign(new Error(`ENOENT: ${path} was deleted`), { code: 'ENOENT' });
      },
      // Nothing is left to write, so closing synchronously is cheaper than using the thread pool.
      close: async () => (synced === null ? closed(file) : closeSync(file)),
    };
  },
  rename: promisify(rename),
  async remove(path) {
    try {
      await unlinked(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  },
  makeFolder: (path) => makeFolder(path, FOLDER_MODE),
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
  syncFolder: async (path) => {
    // Windows can't open a folder, and doesn't need this.
    if (process.platform === 'win32') return;
    const folder = await opened(path, 'r');
    try {
      await flushed(folder);
    } finally {
      await closed(folder);
    }
  },
};

/** Files written concurrently: fewer than Node's pool has threads, so that other work gets one. */
const FILINGS = 3;

/** Bulk operations one file at a time, for where there is nothing faster. */
export function oneByOne(files: SingleFiles): Files {
  return {
    ...files,
    async createAll(folder, octets) {
      const lanes = new Lanes(FILINGS);
      const written = await Promise.allSettled(
        Array.from(octets, ([name, content]) => lanes.take(() => writeNew(files, join(folder, name), content))),
      );
      for (const result of written) if (result.status === 'rejected') throw result.reason;
    },
    async renameAll(names, from, to) {
      for (const name of names) await files.rename(join(from, name), join(to, name));
    },
  };
}

export const nodeFiles: Files = canSyncAll() ? inAThread(single, oneByOne(single)) : oneByOne(single);

export function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Creates, writes and syncs a file; on failure removes it (best effort). */
export async function writeNew(
  files: Pick<Files, 'create' | 'remove'>,
  path: string,
  octets: Uint8Array,
): Promise<void> {
  const file = await files.create(path, 'one');
  try {
    try {
      await file.write(octets);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await files.remove(path).catch(() => {});
    throw error;
  }
}

/** Replaces a file atomically: readers find the old or the new content, even after a crash. */
export async function replace(files: Files, path: string, octets: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await files.remove(temporary);
  await writeNew(files, temporary, octets);
  await files.rename(temporary, path);
  await files.syncFolder(dirname(path));
}

/** Reads a file; null when there is none. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
