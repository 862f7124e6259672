import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../server/log.ts';
import type { Summary } from '../../../server/message/message.ts';
import type { DiskArchive } from '../../../server/store/disk/archive.ts';
import type { Files } from '../../../server/store/disk/files/files.ts';
import { openArchive } from '../../../server/store/disk/start/open.ts';
import { idMaker } from '../../../server/store/ids.ts';
import { MemoryStore } from '../../../server/store/memory/memory.ts';
import type { Limits, Store } from '../../../server/store/store.ts';
import type { Upkeep } from '../../../server/store/upkeep.ts';
import { everything } from '../../../wire/query/query.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { PlainContents } from '../a-store.ts';
import { around } from './faulty-files.ts';

/** A disk in memory, where there is one. */
export const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder for one test, with whatever is opened in it. Disposing of it closes and deletes everything. */
export class Disk implements AsyncDisposable {
  readonly folder: string;
  readonly logged: { event: string; fields: unknown }[] = [];
  readonly reported: unknown[] = [];
  readonly contents = new PlainContents();
  readonly #open: { readonly archive: DiskArchive; readonly process: Process }[] = [];

  /** @param where the folder is made */
  constructor(where: string = tmpdir()) {
    this.folder = mkdtempSync(join(where, 'mailstop-disk-'));
  }

  /** @param journalOctets with 0 each mail has a file of its own at once */
  async open({ files, limits = {}, journalOctets }: OpenOptions = {}): Promise<Store & Upkeep> {
    const process = new Process();
    const note = (event: string, fields: unknown) => {
      if (process.lives) this.logged.push({ event, fields });
    };
    const log: Log = { info() {}, warn: note, error: note };
    const options = { log, files: process.files(files), ...journalOf(journalOctets) };
    const disk = await openArchive(this.folder, options);
    this.#open.push({ archive: disk.archive, process });
    const store = new MemoryStore({
      epoch: randomUUID(),
      limits: { messages: 5000, bytes: 10 * 1024 * 1024, age: null, ...limits },
      contents: this.contents,
      newId: idMaker(() => new Date(), randomBytes),
      now: () => new Date('2026-01-02T03:04:05Z'),
      report: (error) => this.reported.push(error),
      ...disk,
    });
    await store.adopt(disk.earlier);
    return store;
  }

  /** The one that was opened last. */
  get archive(): DiskArchive {
    const opened = this.#open.at(-1);
    if (!opened) throw new Error('the folder is not open');
    return opened.archive;
  }

  /** A clean stop. */
  async close(): Promise<void> {
    for (const { archive } of this.#open.splice(0)) await archive[Symbol.asyncDispose]();
  }

  /** Resolves when each mail has a file of its own. */
  async filed(): Promise<void> {
    for (const { archive } of this.#open) await archive.filed();
  }

  /** Resolves when nothing is left of mails that were cleared. */
  async deleted(): Promise<void> {
    for (const { archive } of this.#open) await archive.deleted();
  }

  /** Leaves the folder like a killed process: everything stays, but the owner of the lock is dead. */
  async abandon(): Promise<void> {
    for (const { process } of this.#open.splice(0)) await process.kill();
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

const journalOf = (octets: number | undefined) =>
  octets === undefined ? {} : { journal: { octets, room: Number.POSITIVE_INFINITY } };

interface OpenOptions {
  readonly files?: Files;
  readonly limits?: Partial<Limits>;
  readonly journalOctets?: number;
}

/** The disk operations of a process, until it is killed. */
class Process {
  readonly #underWay = new Set<Promise<unknown>>();
  lives = true;

  files(files?: Files): Files {
    return around((_, work) => {
      if (!this.lives) return Promise.reject(new Error('the process was killed'));
      const done = work();
      this.#underWay.add(done);
      const over = () => void this.#underWay.delete(done);
      done.then(over, over);
      return done;
    }, files);
  }

  /** Started operations are completed, like system calls. */
  async kill(): Promise<void> {
    this.lives = false;
    await Promise.allSettled(this.#underWay);
  }
}

export const mail = (subject: string, more: Parameters<typeof anIncoming>[0] = {}) =>
  anIncoming({ raw: `Subject: ${subject}\r\n\r\nbody of ${subject}\r\n`, ...more });

/** Too large for the journal. */
export const large = (subject: string) =>
  mail(subject, { raw: `Subject: ${subject}\r\n\r\n${'x'.repeat(70_000)}\r\n` });

/** All mails, the oldest first. */
export async function all(store: Store): Promise<readonly Summary[]> {
  return (await store.list(everything, { limit: 10_000 })).messages.map(plain).reverse();
}

/** Includes everything that is read from the header block, so that it is compared, too. */
export function plain(summary: Summary): Summary {
  const { from, to, cc, bcc, replyTo, subject, date, messageId } = summary;
  return { ...summary, from, to, cc, bcc, replyTo, subject, date, messageId };
}
