import { access, constants, stat } from 'node:fs/promises';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import { Turns } from '../turns.ts';
import { undoClearing } from './cleared.ts';
import { codeOf, type Files } from './files/files.ts';
import type { Place } from './files/place.ts';
import type { Lock } from './start/lock.ts';

/** No space, or too many open files: both may pass. */
const FULL: ReadonlySet<string | null> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'is missing, or something in it is',
  ENOTDIR: 'is not a folder, or a folder in it was replaced',
  EROFS: 'is on a file system that is read-only',
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written',
  EIO: 'is on a disk that fails',
};

/** The `--data` folder while Mailstop runs: it may be deleted, unmounted or made read-only, and come back. */
export class Folder {
  readonly #place: Place;
  readonly #files: Files;
  readonly #lock: Pick<Lock, 'look' | 'renew'>;
  readonly #mended: () => Promise<void>;
  readonly #mending = new Turns();

  /** @param mended called after missing subfolders of the folder were created again */
  constructor(place: Place, files: Files, lock: Pick<Lock, 'look' | 'renew'>, mended: () => Promise<void>) {
    this.#place = place;
    this.#files = files;
    this.#lock = lock;
    this.#mended = mended;
  }

  /** Why nothing can be written; null when it can, as far as can be known without writing. */
  async trouble(): Promise<string | null> {
    const { root, mail, incoming } = this.#place;
    try {
      await assertWritable(root);
      await this.#lock.look().catch(unlessMissing);
      // If missing, they are created again with the next mail.
      for (const path of [mail, incoming]) await assertWritable(path).catch(unlessMissing);
      return null;
    } catch (error) {
      return error instanceof MailstopError ? error.message : this.#inWords(error);
    }
  }

  /**
   * Runs work that writes; runs it a second time if a folder was missing and could be created.
   * @throws {MailstopError} `store-full`, `data-unwritable`
   */
  async writing<T>(work: (attempt: 'first' | 'second') => Promise<T>): Promise<T> {
    try {
      return await work('first').catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        // One at a time: the next one finds the folder mended.
        await this.#mending.take(() => this.#mend());
        return work('second');
      });
    } catch (error) {
      throw this.asStoreError(error);
    }
  }

  /** Creates subfolders, but never the folder itself: if it was a mount point, another disk would get the mail. */
  async #mend(): Promise<void> {
    const { root, mail, incoming, aside } = this.#place;
    await assertWritable(root);
    await this.#lock.renew();
    // Must come first: with a new folder in its place, the next start would delete these mails as cleared.
    await undoClearing(this.#place, this.#files);
    const missing = await Promise.all([mail, incoming, aside].map(isMissing));
    if (!missing.includes(true)) return;
    for (const path of [mail, incoming, aside]) await this.#files.makeFolder(path);
    await this.#files.syncFolder(root);
    await this.#mended();
  }

  /** The error to give to the caller of the store. */
  asStoreError(error: unknown): unknown {
    const code = codeOf(error);
    if (error instanceof MailstopError || code === null) return error;
    if (FULL.has(code))
      return new MailstopError('store-full', `nothing more can be written: ${reasonOf(error)}`, { cause: error });
    return new MailstopError('data-unwritable', this.#inWords(error), { cause: error });
  }

  #inWords(error: unknown): string {
    const words = IN_WORDS[codeOf(error) ?? ''] ?? "can't be written";
    return `${this.#place.root} ${words} (${reasonOf(error)}); mail is accepted again once that is fixed`;
  }
}

async function assertWritable(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory())
    throw Object.assign(new Error(`ENOTDIR: ${path} is not a folder`), { code: 'ENOTDIR' });
  await access(path, constants.W_OK);
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => codeOf(error) === 'ENOENT',
  );
}
