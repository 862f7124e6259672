import { join } from 'node:path';
import { reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Header, Incoming } from '../../message/message.ts';
import { decodedHeaders } from '../../message/summary.ts';
import type { Archive, Filed, Marks, Removal } from '../archive.ts';
import type { SavedSearch } from '../events.ts';
import { Lanes } from '../turns.ts';
import { asStoreError, type Files, readIfThere, writeNew } from './files.ts';
import { readHead } from './head.ts';
import { emlName, type Place, recordsName } from './place.ts';
import { printRecords } from './record.ts';
import { DiskScratch } from './scratch.ts';
import type { FreeSpace } from './space.ts';
import type { State } from './state.ts';

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

/** How many mails are written at the same time: enough to share the syncs, few enough to leave files to be opened. */
const WRITES = 64;
/** How many mails are deleted at the same time. */
const REMOVALS = 32;

export class DiskArchive implements Archive, AsyncDisposable {
  readonly inMemory = false;
  readonly scratch: DiskScratch;
  readonly #place: Place;
  readonly #files: Files;
  readonly #state: State;
  readonly #lock: AsyncDisposable;
  readonly #log: Log;
  readonly #space: FreeSpace | null;
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
    space: FreeSpace | null,
  ) {
    this.#place = place;
    this.#files = files;
    this.#state = state;
    this.#lock = locked;
    this.#log = log;
    this.#space = space;
    this.scratch = new DiskScratch(place.incoming);
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
    await this.#space?.claim(raw.length);
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

  async discard(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#files.remove(join(this.#place.incoming, emlName(id))).catch(() => {});
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

  get searches(): readonly SavedSearch[] {
    return this.#state.searches;
  }

  keepSearches(searches: readonly SavedSearch[]): void {
    this.#state.keepSearches(searches);
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
      await this.scratch[Symbol.asyncDispose]();
      await this.#state[Symbol.asyncDispose]();
    } finally {
      await this.#lock[Symbol.asyncDispose]();
    }
  }
}
