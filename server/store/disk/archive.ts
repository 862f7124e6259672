import { randomUUID } from 'node:crypto';
import { reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Header, Incoming } from '../../message/message.ts';
import { decodedHeaders } from '../../message/summary.ts';
import type { Archive, Filed, Marks, Removal } from '../archive.ts';
import type { SavedSearch } from '../events.ts';
import type { Cleared } from './cleared.ts';
import { asStoreError, type Files, readIfThere } from './files.ts';
import { readHead } from './head.ts';
import { Journal } from './journal.ts';
import type { MailFiles } from './mail-files.ts';
import type { Place } from './place.ts';
import { DiskScratch } from './scratch.ts';
import type { FreeSpace } from './space.ts';
import type { State } from './state.ts';

/** Larger mails have files of their own from the beginning, in octets: to write them twice would cost more. */
const LARGEST_IN_JOURNAL = 64 * 1024;
/** How many mails are deleted at the same time. */
const REMOVALS = 32;

interface DiskArchiveOptions {
  readonly place: Place;
  readonly files: Files;
  readonly mails: MailFiles;
  readonly cleared: Cleared;
  readonly state: State;
  readonly lock: AsyncDisposable;
  readonly log: Log;
  readonly space: FreeSpace | null;
  /** Octets of mails that may wait for a file of their own. */
  readonly journalOctets: number;
}

/** Mails on the disk: each a file of its own, if not at once, then soon. */
export class DiskArchive implements Archive, AsyncDisposable {
  readonly scratch: DiskScratch;
  readonly #options: DiskArchiveOptions;
  readonly #journal: Journal;
  #letGo: (id: string) => void = () => {};
  #closed = false;

  constructor(options: DiskArchiveOptions) {
    this.#options = options;
    const { place, files, mails, log } = options;
    this.scratch = new DiskScratch(place.incoming);
    this.#journal = new Journal({
      files,
      folder: place.mail,
      toFiles: (filed) => mails.file(filed, (id) => this.#letGo(id)),
      limit: options.journalOctets,
      log,
    });
  }

  holds(id: string): boolean {
    return this.#journal.raw(id) !== null;
  }

  onLetGo(listener: (id: string) => void): void {
    this.#letGo = listener;
  }

  async write(id: string, incoming: Incoming): Promise<void> {
    if (this.#closed) throw new Error('Mailstop is shutting down');
    await this.#options.space?.claim(incoming.raw.length);
    if (this.#isForJournal(incoming)) return;
    try {
      await this.#options.mails.write(id, incoming.raw);
    } catch (error) {
      throw asStoreError(error);
    }
  }

  async commit(mails: readonly Filed[]): Promise<void> {
    const last = mails.at(-1);
    if (!last) return;
    const small = mails.filter(({ incoming }) => this.#isForJournal(incoming));
    const large = mails.filter(({ incoming }) => !this.#isForJournal(incoming));
    try {
      if (this.#closed) throw new Error('Mailstop is shutting down');
      await this.#options.state.reserve(last.seq);
      await this.#options.mails.commit(large);
      await this.#journal.append(small);
    } catch (error) {
      await this.discard(large.map(({ id }) => id));
      throw asStoreError(error);
    }
  }

  discard(ids: readonly string[]): Promise<void> {
    return this.#options.mails.withdraw(ids);
  }

  async raw(id: string): Promise<Buffer | null> {
    return this.#journal.raw(id) ?? readIfThere(this.#options.mails.pathOf(id));
  }

  headers(id: string): readonly Header[] {
    try {
      return decodedHeaders(this.#journal.raw(id) ?? readHead(this.#options.mails.pathOf(id)).head);
    } catch {
      return [];
    }
  }

  async remove(ids: readonly string[]): Promise<Removal> {
    const { gone, others, failure: failed } = await this.#journal.remove(ids);
    let failure = failed;
    for (let at = 0; at < others.length && failure === null; at += REMOVALS) {
      const batch = others.slice(at, at + REMOVALS);
      const removed = await Promise.allSettled(batch.map((id) => this.#options.mails.remove(id)));
      for (const [index, id] of batch.entries()) {
        const result = removed[index];
        if (result?.status === 'rejected') failure = result.reason;
        else gone.push(id);
      }
    }
    this.#options.state.forget(gone);
    if (failure === null) return { gone, failure };
    return { gone, failure: new Error(`a mail can't be deleted: ${reasonOf(failure)}`, { cause: failure }) };
  }

  /** All at once, however many there are: the folder is renamed, and deleted afterwards. */
  async clear(): Promise<void> {
    const { place, files, mails, state, cleared } = this.#options;
    const away = `${place.cleared}${randomUUID()}`;
    await this.#journal.clear(async () => {
      const fresh = `${away}-fresh`;
      await files.makeFolder(fresh);
      await files.rename(place.mail, away);
      try {
        await files.rename(fresh, place.mail);
      } catch (error) {
        await files.rename(away, place.mail);
        throw error;
      }
      await files.syncFolder(place.root);
    });
    state.forgetAll();
    mails.forget();
    cleared.delete(away);
  }

  get searches(): readonly SavedSearch[] {
    return this.#options.state.searches;
  }

  keepSearches(searches: readonly SavedSearch[]): void {
    this.#options.state.keepSearches(searches);
  }

  mark(id: string, marks: Marks): void {
    this.#options.state.mark(id, marks);
  }

  reached(seq: number): void {
    this.#options.state.reached(seq);
  }

  /** Resolves when each mail has a file of its own, as far as that can be had. */
  filed(): Promise<void> {
    return this.#journal.file();
  }

  /** Resolves when nothing is left of mails that were cleared, as far as that can be had. */
  deleted(): Promise<void> {
    return this.#options.cleared.deleted();
  }

  /** Files what is not filed yet, saves what is not saved yet, and lets others have the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    try {
      await this.filed();
      await this.#options.cleared[Symbol.asyncDispose]();
      await this.scratch[Symbol.asyncDispose]();
      await this.#options.state[Symbol.asyncDispose]();
    } finally {
      await this.#options.lock[Symbol.asyncDispose]();
    }
  }

  #isForJournal({ raw }: Incoming): boolean {
    return raw.length <= LARGEST_IN_JOURNAL && this.#options.journalOctets > 0;
  }
}
