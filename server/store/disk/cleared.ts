import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reasonOf } from '../../../wire/errors.ts';
import type { Log } from '../../log.ts';
import { afterTimeout } from '../after.ts';
import { Turns } from '../turns.ts';
import type { Files } from './files/files.ts';
import { FRESH, type Place } from './files/place.ts';

/** How long a stop waits for deletions, in milliseconds. */
const PATIENCE_MS = 2000;

/**
 * Deletes folders of cleared mails, one file at a time: many at once would block the disk for incoming mail. What is
 * left when the process ends, the next one deletes.
 */
export class Cleared implements AsyncDisposable {
  readonly #files: Files;
  readonly #log: Log;
  readonly #turns = new Turns();
  #stopped = false;

  constructor(files: Files, log: Log) {
    this.#files = files;
    this.#log = log;
  }

  /** Deletes in the background: there may be many thousand files. */
  delete(folder: string): void {
    void this.#turns.take(() =>
      this.#delete(folder).catch((error: unknown) =>
        this.#log.warn('cleared mail not deleted', { folder, reason: reasonOf(error) }),
      ),
    );
  }

  /** Resolves when all are deleted (best effort). */
  deleted(): Promise<void> {
    return this.#turns.take(() => {});
  }

  async #delete(folder: string): Promise<void> {
    if (this.#stopped) return;
    for (const { name } of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile())) {
      if (this.#stopped) return;
      await this.#files.remove(join(folder, name));
    }
    await this.#files.removeFolder(folder);
  }

  /** Gives up on the rest after `PATIENCE_MS`. */
  async [Symbol.asyncDispose](): Promise<void> {
    const callOff = afterTimeout(PATIENCE_MS, () => {
      this.#stopped = true;
    });
    await this.deleted();
    callOff();
  }
}

/**
 * Clearing renames the mail folder and then puts an empty one in its place. If it was interrupted in between, puts the
 * folder back, as if nothing had been cleared.
 */
export async function undoClearing({ root, mail, cleared }: Place, files: Files): Promise<void> {
  const names = new Set(await readdir(root));
  if (names.has(basename(mail))) return;
  const away = [...names].find((name) => name.startsWith(basename(cleared)) && names.has(`${name}${FRESH}`));
  if (away !== undefined) await files.rename(join(root, away), mail);
}
