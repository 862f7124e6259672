import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reasonOf } from '../../../wire/errors.ts';
import type { Log } from '../../log.ts';
import { afterTimeout } from '../after.ts';
import { Turns } from '../turns.ts';
import type { Files } from './files/files.ts';
import { FRESH, type Place } from './files/place.ts';

/** So long a stop waits for what is being deleted, in milliseconds. */
const PATIENCE_MS = 2000;

/**
 * Folders of mails that were cleared, until they are deleted. That is done one file at a time: many at once would keep
 * mail that comes meanwhile from the disk for as long as they take. What the process leaves, the next one deletes.
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

  /** Not at once: it may be many thousand files. */
  delete(folder: string): void {
    void this.#turns.take(() =>
      this.#delete(folder).catch((error: unknown) =>
        this.#log.warn('cleared mail not deleted', { folder, reason: reasonOf(error) }),
      ),
    );
  }

  /** Resolves when all are deleted, as far as that can be done. */
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

  /** Stops before all is deleted when that takes long. */
  async [Symbol.asyncDispose](): Promise<void> {
    const callOff = afterTimeout(PATIENCE_MS, () => {
      this.#stopped = true;
    });
    await this.deleted();
    callOff();
  }
}

/**
 * Clearing puts the folder of mails away and then an empty one in its place. When it was cut short in between, and the
 * folder could not be put back, it has not happened.
 */
export async function undoClearing({ root, mail, cleared }: Place, files: Files): Promise<void> {
  const names = new Set(await readdir(root));
  if (names.has(basename(mail))) return;
  const away = [...names].find((name) => name.startsWith(basename(cleared)) && names.has(`${name}${FRESH}`));
  if (away !== undefined) await files.rename(join(root, away), mail);
}
