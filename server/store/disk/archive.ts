import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MailstopError, reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Header, Incoming } from '../../message/message.ts';
import { decodedHeaders } from '../../message/summary.ts';
import type { Archive, Earlier, Filed, Marks, Removal } from '../archive.ts';
import { Lanes } from '../turns.ts';
import { asStoreError, type Files, nodeFiles, readIfThere, writeNew } from './files.ts';
import { readHead } from './head.ts';
import { lock } from './lock.ts';
import { emlName, type Place, placeIn, recordsName } from './place.ts';
import { printRecords } from './record.ts';
import { scan } from './scan.ts';
import { State } from './state.ts';

/*
 * Mails on the disk. A mail is a file of exactly the octets that were sent, and a record of its envelope, its number
 * and what else was received with it. Both become visible at once, by the order in which things are done:
 *
 * 1. The mail is written to `incoming/<id>.eml` and synced. Senders do this side by side.
 * 2. The records of all mails that are ready are written to one file, `<id of the first>.jsonl`, synced and renamed from
 *    `incoming` to `mail`.
 * 3. Each mail is renamed to `mail/<id>.eml`. This is what makes it a mail: a record without its file is nothing.
 * 4. The folder is synced, once for all of them. Now, and not before, the senders are told.
 *
 * A crash between two steps leaves a file in `incoming`, or records without mails: both are removed at the next start.
 * After a loss of power the folder may have come without one of its entries: a mail without record is set aside.
 */

export interface DiskOptions {
  readonly log: Log;
  readonly files?: Files;
}

/** How many mails are written at the same time: enough to share the syncs, few enough to leave files to be opened. */
const WRITES = 64;
/** How many mails are deleted at the same time. */
const REMOVALS = 32;

/** @throws {MailstopError} `cannot-open-data` when the folder can't be used or another process uses it */
export async function openArchive(folder: string, { log, files = nodeFiles }: DiskOptions) {
  const place = placeIn(folder);
  const unusable = (error: unknown) =>
    new MailstopError('cannot-open-data', `${folder} can't be used for mail: ${reasonOf(error)}`, { cause: error });
  try {
    await files.makeFolder(place.root);
  } catch (error) {
    throw unusable(error);
  }
  const locked = await lock(place.lock).catch((error: unknown) => {
    throw unusable(error);
  });
  try {
    for (const path of [place.mail, place.incoming, place.aside]) await files.makeFolder(path);
    for (const path of [place.root, dirname(place.root)]) await files.syncFolder(path);
    await removeLeftovers(place, files);
    const state = await State.open(place, files, log);
    const { mails, recordFiles, setAside } = await scan(place, state, files, log);
    // A reader that comes back must see that what was set aside is gone.
    const seq = Math.max(state.seq, mails.at(-1)?.summary.seq ?? 0) + (setAside > 0 ? 1 : 0);
    const earlier: Earlier = { mails, seq };
    await state.reserve(seq + 1);
    state.retain(new Set(recordFiles.keys()));
    return { archive: new DiskArchive(place, files, state, locked, recordFiles, log), earlier };
  } catch (error) {
    await locked[Symbol.asyncDispose]();
    throw unusable(error);
  }
}

async function removeLeftovers(place: Place, files: Files): Promise<void> {
  for (const name of await readdir(place.incoming)) {
    if (/\.(eml|jsonl)$/.test(name)) await files.remove(join(place.incoming, name));
  }
  for (const name of await readdir(place.root)) {
    if (name.startsWith(basename(place.cleared))) await files.removeFolder(join(place.root, name));
  }
}

export class DiskArchive implements Archive, AsyncDisposable {
  readonly inMemory = false;
  readonly #place: Place;
  readonly #files: Files;
  readonly #state: State;
  readonly #lock: AsyncDisposable;
  readonly #log: Log;
  /** By the id of a mail: the file its record is in, and how many mails need that file. */
  readonly #recordFiles = new Map<string, { readonly name: string; mails: number }>();
  /** Folders of cleared mails that are being deleted. */
  readonly #clearing = new Set<Promise<void>>();
  readonly #writing = new Lanes(WRITES);
  #clears = 0;
  #closed = false;

  constructor(
    place: Place,
    files: Files,
    state: State,
    locked: AsyncDisposable,
    recordFiles: ReadonlyMap<string, string>,
    log: Log,
  ) {
    this.#place = place;
    this.#files = files;
    this.#state = state;
    this.#lock = locked;
    this.#log = log;
    const byName = new Map<string, { readonly name: string; mails: number }>();
    for (const [id, name] of recordFiles) {
      const file = byName.get(name) ?? { name, mails: 0 };
      file.mails += 1;
      byName.set(name, file);
      this.#recordFiles.set(id, file);
    }
  }

  async write(id: string, { raw }: Incoming): Promise<void> {
    if (this.#closed) throw new Error('Mailstop is shutting down');
    try {
      await this.#writing.take(() => writeNew(this.#files, join(this.#place.incoming, emlName(id)), raw));
    } catch (error) {
      throw asStoreError(error);
    }
  }

  async commit(mails: readonly Filed[]): Promise<void> {
    const { mail, incoming } = this.#place;
    const [first] = mails;
    const last = mails.at(-1);
    if (!first || !last) return;
    if (this.#closed) throw new Error('Mailstop is shutting down');
    const names = mails.map(({ id }) => emlName(id));
    const records = recordsName(first.id);
    try {
      await this.#state.reserve(last.seq);
      await writeNew(this.#files, join(incoming, records), printRecords(mails));
      for (const name of [records, ...names]) await this.#files.rename(join(incoming, name), join(mail, name));
      await this.#files.syncFolder(mail);
    } catch (error) {
      // Nothing may be left that a restart would take for a mail.
      for (const name of [...names, records]) {
        for (const folder of [mail, incoming]) await this.#files.remove(join(folder, name)).catch(() => {});
      }
      throw asStoreError(error);
    }
    const file = { name: records, mails: mails.length };
    for (const { id } of mails) this.#recordFiles.set(id, file);
  }

  raw(id: string): Promise<Buffer | null> {
    return readIfThere(join(this.#place.mail, emlName(id)));
  }

  headers(id: string): readonly Header[] {
    try {
      return decodedHeaders(readHead(join(this.#place.mail, emlName(id))).head);
    } catch {
      return [];
    }
  }

  async remove(ids: readonly string[]): Promise<Removal> {
    const gone: string[] = [];
    let failure: Error | null = null;
    for (let at = 0; at < ids.length && failure === null; at += REMOVALS) {
      const removed = await Promise.allSettled(ids.slice(at, at + REMOVALS).map((id) => this.#remove(id)));
      for (const result of removed) {
        if (result.status === 'fulfilled') gone.push(result.value);
        else failure = new Error(`a mail can't be deleted: ${reasonOf(result.reason)}`, { cause: result.reason });
      }
    }
    this.#state.forget(gone);
    return { gone, failure };
  }

  async #remove(id: string): Promise<string> {
    await this.#files.remove(join(this.#place.mail, emlName(id)));
    const file = this.#recordFiles.get(id);
    if (!this.#recordFiles.delete(id) || !file) return id;
    file.mails -= 1;
    // Left behind, it is nothing but a file that the next start removes.
    if (file.mails === 0) await this.#files.remove(join(this.#place.mail, file.name)).catch(() => {});
    return id;
  }

  /** All at once, however many there are: the folder is renamed, and deleted afterwards. */
  async clear(): Promise<void> {
    const { root, mail, cleared } = this.#place;
    this.#clears += 1;
    const away = `${cleared}${process.pid}-${this.#clears}`;
    const fresh = `${away}-fresh`;
    await this.#files.makeFolder(fresh);
    await this.#files.rename(mail, away);
    try {
      await this.#files.rename(fresh, mail);
    } catch (error) {
      await this.#files.rename(away, mail);
      throw error;
    }
    await this.#files.syncFolder(root);
    this.#state.forget([...this.#recordFiles.keys()]);
    this.#recordFiles.clear();
    const clearing = this.#files
      .removeFolder(away)
      .catch((error: unknown) => this.#log.warn('cleared mail not deleted', { folder: away, reason: reasonOf(error) }));
    this.#clearing.add(clearing);
    void clearing.then(() => this.#clearing.delete(clearing));
  }

  mark(id: string, marks: Marks): void {
    this.#state.mark(id, marks);
  }

  reached(seq: number): void {
    this.#state.reached(seq);
  }

  /** Saves what is not saved yet, and lets others have the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    try {
      await Promise.all(this.#clearing);
      await this.#state[Symbol.asyncDispose]();
    } finally {
      await this.#lock[Symbol.asyncDispose]();
    }
  }
}
