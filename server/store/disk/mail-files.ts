import { join } from 'node:path';
import type { Filed } from '../archive.ts';
import { Lanes } from '../turns.ts';
import { type Files, writeNew } from './files/files.ts';
import { emlName, type Place, recordsName } from './files/place.ts';
import { printRecords } from './record.ts';

/*
 * Mails in their own files. A mail is a file with exactly the octets that were sent, and a record with its envelope,
 * its seq and what else was received with it. Both become visible at the same moment, through the order of the steps:
 *
 * 1. The mail is written to `incoming/<id>.eml` and synced.
 * 2. The records of all mails that are ready are written to one file, `<id of the first>.jsonl`, synced and renamed from
 *    `incoming` to `mail`.
 * 3. Each mail is renamed to `mail/<id>.eml`. This makes it a mail: a record without its file is ignored.
 * 4. The folder is synced, once for all of them.
 *
 * A crash between two steps leaves a file in `incoming`, or records without mails: both are removed at the next start.
 * After a power loss the folder may lack one of its entries: a mail without a record is set aside.
 */

/** Mails written concurrently: enough to share the syncs, few enough not to run out of file descriptors. */
const WRITES = 64;

export class MailFiles {
  readonly #place: Place;
  readonly #files: Files;
  readonly #writing = new Lanes(WRITES);
  /** By mail id: the file with its record, and how many mails still need that file. */
  readonly #recordFiles = new Map<string, { readonly name: string; mails: number }>();

  constructor(place: Place, files: Files) {
    this.#place = place;
    this.#files = files;
  }

  /** Adds the mails of an earlier run. @param recordFiles by mail id, the file with its record */
  adopt(recordFiles: ReadonlyMap<string, string>): void {
    const byName = new Map<string, { readonly name: string; mails: number }>();
    for (const [id, name] of recordFiles) {
      const file = byName.get(name) ?? { name, mails: 0 };
      file.mails += 1;
      byName.set(name, file);
      this.#recordFiles.set(id, file);
    }
  }

  pathOf(id: string): string {
    return join(this.#place.mail, emlName(id));
  }

  /** Step 1. */
  write(id: string, raw: Buffer): Promise<void> {
    return this.#writing.take(() => this.#write(id, raw));
  }

  #write(id: string, raw: Buffer): Promise<void> {
    return writeNew(this.#files, join(this.#place.incoming, emlName(id)), raw);
  }

  /** Steps 2 to 4, for mails that were written. If it fails, the caller must withdraw them. */
  async commit(mails: readonly Filed[]): Promise<void> {
    const { mail, incoming } = this.#place;
    const [first] = mails;
    if (!first) return;
    const records = recordsName(first.id);
    await writeNew(this.#files, join(incoming, records), printRecords(mails));
    for (const name of [records, ...mails.map(({ id }) => emlName(id))])
      await this.#files.rename(join(incoming, name), join(mail, name));
    await this.#moved(mails, records);
  }

  async #moved(mails: readonly Filed[], records: string): Promise<void> {
    await this.#files.syncFolder(this.#place.mail);
    const file = { name: records, mails: mails.length };
    for (const { id } of mails) this.#recordFiles.set(id, file);
  }

  /** All four steps, for mails whose senders already have their reply. */
  async file(mails: readonly Filed[]): Promise<void> {
    const { mail, incoming: folder } = this.#place;
    const [first] = mails;
    if (!first) return;
    const records = recordsName(first.id);
    const files = new Map([[records, printRecords(mails)]]);
    for (const { id, incoming } of mails) files.set(emlName(id), incoming.raw);
    try {
      await this.#files.createAll(folder, files);
      await this.#files.renameAll([...files.keys()], folder, mail);
      await this.#moved(mails, records);
    } catch (error) {
      await this.withdraw(mails.map(({ id }) => id));
      throw error;
    }
  }

  /** Removes everything that a restart would take for one of these mails. Never rejects. */
  async withdraw(ids: readonly string[]): Promise<void> {
    const { mail, incoming } = this.#place;
    const [first] = ids;
    if (first === undefined) return;
    for (const name of [...ids.map(emlName), recordsName(first)]) {
      for (const folder of [mail, incoming]) await this.#files.remove(join(folder, name)).catch(() => {});
    }
    for (const id of ids) this.#recordFiles.delete(id);
  }

  async remove(id: string): Promise<void> {
    await this.#files.remove(this.pathOf(id));
    const file = this.#recordFiles.get(id);
    if (!this.#recordFiles.delete(id) || !file) return;
    file.mails -= 1;
    // If this fails, the next start removes the file.
    if (file.mails === 0) await this.#files.remove(join(this.#place.mail, file.name)).catch(() => {});
  }

  /** Call it when the whole mail folder is gone. */
  forget(): void {
    this.#recordFiles.clear();
  }
}
