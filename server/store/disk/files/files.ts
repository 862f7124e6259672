import { close, closeSync, constants, fstatSync, fsync, open, rename, unlink, write, writev } from 'node:fs';
import { access, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../../make-folder.ts';
import { Lanes } from '../../turns.ts';
import { FILE_MODE } from './bulk.ts';
import { canSyncAll, inAThread } from './writer-thread.ts';

/** A file that was just made. */
export interface NewFile {
  /** Behind what was written before, one piece after the other. */
  write(...pieces: readonly Uint8Array[]): Promise<void>;
  /** In the place of what was written there; where nothing was, it does nothing, so the file never gets longer. */
  overwrite(octets: Uint8Array, at: number): Promise<void>;
  /**
   * Until it has resolved, what was written may be lost with the power. Rejects when somebody has deleted the file, since
   * nobody would find what was written.
   */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What changes something on the disk, one step at a time, so that tests can let any step fail or be the last one. */
export interface Files {
  /**
   * Fails when the file exists.
   * @param writes how it will be written: with many, a sync after each costs less than that each is synced by itself
   */
  create(path: string, writes?: 'one' | 'many'): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  /** Fine when there is no such file. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** Makes last what was created, renamed and removed in a folder. */
  syncFolder(path: string): Promise<void>;
  /**
   * Makes new files of a folder, by their names, for which nobody waits. All are on the disk when it resolves; some may be
   * there when it rejects.
   */
  createAll(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** In this order. */
  renameAll(names: readonly string[], from: string, to: string): Promise<void>;
}

/** What is done to one file or folder. */
export type SingleFiles = Omit<Files, 'createAll' | 'renameAll'>;

/** Only for the user. */
const FOLDER_MODE = 0o700;

/**
 * What is written to a file that was opened so is on the disk when the write is done. That spares a thread of Node's pool,
 * of which there are four, the round of a sync for each mail. Only of Linux is it known to be as good as a sync.
 */
const SYNCED =
  process.platform === 'linux' ? constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC : null;

// Made of callbacks, since the promises that Node has take half as much time again, several times for each mail.
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
        // A system call need not write all that it is given.
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
      // There is nothing left to write, so it takes less than to ask another thread for it.
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
    // Windows can't open a folder, and needs no such thing.
    if (process.platform === 'win32') return;
    const folder = await opened(path, 'r');
    try {
      await flushed(folder);
    } finally {
      await closed(folder);
    }
  },
};

/** How many files are written at the same time: fewer than Node has threads for it, so that others get one. */
const FILINGS = 3;

/** For where there is no better way to do it with many files than one by one. */
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

/** Writes a new file so that it is on the disk when this resolves; when it fails, nothing is left, if that can be had. */
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

/** Puts new content in the place of a file: whoever reads it, also after a crash, finds the old or the new, never less. */
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
