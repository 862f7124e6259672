import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../server/log.ts';
import type { Summary } from '../../../server/message/message.ts';
import { everything } from '../../../server/message/query.ts';
import type { Files } from '../../../server/store/disk/files.ts';
import { openArchive } from '../../../server/store/disk/open.ts';
import { idMaker } from '../../../server/store/ids.ts';
import { MemoryStore } from '../../../server/store/memory.ts';
import { SavedSearches, type SearchesKept } from '../../../server/store/searches.ts';
import type { Limits, Store } from '../../../server/store/store.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { PlainContents } from '../a-store.ts';

/** A folder for one test, with whatever is opened in it. Disposing of it closes and deletes everything. */
export class Disk implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'mailstop-disk-'));
  readonly logged: { event: string; fields: unknown }[] = [];
  readonly reported: unknown[] = [];
  readonly contents = new PlainContents();
  readonly #open: (AsyncDisposable & SearchesKept)[] = [];

  /** The saved searches of the folder. */
  async openWithSearches(): Promise<SavedSearches> {
    const store = await this.open();
    const [archive = null] = this.#open;
    return new SavedSearches(store, archive);
  }

  async open({ files, limits = {} }: { files?: Files; limits?: Partial<Limits> } = {}): Promise<Store> {
    const note = (event: string, fields: unknown) => void this.logged.push({ event, fields });
    const log: Log = { info: note, warn: note, error: note };
    const disk = await openArchive(this.folder, { log, ...(files ? { files } : {}) });
    this.#open.push(disk.archive);
    return new MemoryStore({
      limits: { messages: 5000, bytes: 10 * 1024 * 1024, age: null, ...limits },
      contents: this.contents,
      newId: idMaker(() => new Date(), randomBytes),
      now: () => new Date('2026-01-02T03:04:05Z'),
      report: (error) => this.reported.push(error),
      ...disk,
    });
  }

  /** A clean stop. */
  async close(): Promise<void> {
    for (const archive of this.#open.splice(0)) await archive[Symbol.asyncDispose]();
  }

  /** What a killed process leaves: everything but a living owner of the lock. */
  abandon(): void {
    this.#open.length = 0;
    rmSync(join(this.folder, 'lock'), { force: true });
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** The names in one of the folders. */
  names(folder: 'mail' | 'incoming' | 'aside'): string[] {
    return readdirSync(this.path(folder)).sort();
  }

  /** The ids of the .eml files. */
  mails(): string[] {
    return this.names('mail').flatMap((name) => (name.endsWith('.eml') ? [name.slice(0, -4)] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => {});
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const mail = (subject: string, more: Parameters<typeof anIncoming>[0] = {}) =>
  anIncoming({ raw: `Subject: ${subject}\r\n\r\nbody of ${subject}\r\n`, ...more });

/** All mails, the oldest first. */
export async function all(store: Store): Promise<readonly Summary[]> {
  return (await store.list(everything, { limit: 10_000 })).messages.map(plain).reverse();
}

/** With everything that is read from the header block, so that it is compared, too. */
export function plain(summary: Summary): Summary {
  const { from, to, cc, bcc, replyTo, subject, date, messageId } = summary;
  return { ...summary, from, to, cc, bcc, replyTo, subject, date, messageId };
}
