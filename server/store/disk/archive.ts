import { randomUUID } from 'node:crypto';
import { MailstopError, reasonOf, stopping } from '../../../wire/errors.ts';
import type { Log } from '../../log.ts';
import type { Header, Incoming } from '../../message/message.ts';
import { decodedHeaders } from '../../message/summary.ts';
import type { Archive, Filed, Marks, Removal } from '../archive.ts';
import type { SavedSearch } from '../events.ts';
import { Gate } from '../turns.ts';
import type { Cleared } from './cleared.ts';
import { type Files, readIfThere } from './files/files.ts';
import { FRESH, type Place } from './files/place.ts';
import { type FreeSpace, inBlocks, type SpaceClaim } from './files/space.ts';
import type { Folder } from './folder.ts';
import type { BacklogLimits } from './journal/backlog.ts';
import { Journal } from './journal/journal.ts';
import type { MailFiles } from './mail-files.ts';
import { DiskScratch } from './scratch.ts';
import { readHead } from './start/head.ts';
import type { State } from './state.ts';

/** In octets. Larger mails get their own file right away: writing them twice would cost more. */
const LARGEST_IN_JOURNAL = 64 * 1024;
/** Mails deleted concurrently. */
const REMOVALS = 32;

interface DiskArchiveOptions {
  readonly place: Place;
  readonly files: Files;
  readonly folder: Folder;
  readonly mails: MailFiles;
  readonly cleared: Cleared;
  readonly state: State;
  readonly lock: AsyncDisposable;
  readonly log: Log;
  readonly space: FreeSpace | null;
  /** How much mail may wait in the journal. */
  readonly journal: BacklogLimits;
}

/** Mails on disk, each in its own file, either right away or after a short time in the journal. */
export class DiskArchive implements Archive, AsyncDisposable {
  readonly scratch: DiskScratch;
  readonly #options: DiskArchiveOptions;
  readonly #journal: Journal;
  /** Everything that touches mail in the folder goes through it, so that clearing and closing run alone. */
  readonly #gate = new Gate();
  /** Claimed disk space, by the id of the uncommitted mail. */
  readonly #claims = new Map<string, SpaceClaim>();
  #closed: Promise<void> | null = null;

  constructor(options: DiskArchiveOptions) {
    this.#options = options;
    const { place, files, folder, mails, space, log } = options;
    this.scratch = new DiskScratch(place.incoming, { space, log });
    this.#journal = new Journal({
      files,
      folder: place.mail,
      toFiles: (filed) => folder.writing(() => mails.file(filed)),
      limits: options.journal,
      log,
    });
  }

  write(id: string, incoming: Incoming): Promise<void> {
    return this.#gate.share(async () => {
      const claim = await this.#options.space?.claim(inBlocks(incoming.raw.length));
      if (claim) this.#claims.set(id, claim);
      if (this.#isForJournal(incoming)) return;
      try {
        await this.#options.folder.writing(() => this.#options.mails.write(id, incoming.raw));
      } catch (error) {
        this.#release([id]);
        throw error;
      }
    });
  }

  commit(mails: readonly Filed[]): Promise<void> {
    const { folder } = this.#options;
    return this.#gate
      .share(() => folder.writing((attempt) => this.#commit(mails, attempt)))
      .finally(() => this.#release(mails.map(({ id }) => id)));
  }

  async #commit(mails: readonly Filed[], attempt: 'first' | 'second'): Promise<void> {
    const last = mails.at(-1);
    if (!last) return;
    const small = mails.filter(({ incoming }) => this.#isForJournal(incoming));
    const large = mails.filter(({ incoming }) => !this.#isForJournal(incoming));
    try {
      await this.#options.state.reserve(last.seq);
      // What the first attempt wrote is gone.
      if (attempt === 'second') await this.#options.mails.file(large);
      else await this.#options.mails.commit(large);
      await this.#journal.append(small);
    } catch (error) {
      await this.#options.mails.withdraw(large.map(({ id }) => id));
      throw error;
    }
  }

  async discard(ids: readonly string[]): Promise<void> {
    this.#release(ids);
    // After closing, the next start removes them.
    await this.#gate.share(() => this.#options.mails.withdraw(ids)).catch(() => {});
  }

  #release(ids: readonly string[]): void {
    for (const id of ids) {
      this.#claims.get(id)?.[Symbol.dispose]();
      this.#claims.delete(id);
    }
  }

  async raw(id: string): Promise<Buffer | null> {
    const read = () => readIfThere(this.#options.mails.pathOf(id));
    const raw = this.#journal.raw(id) ?? (await read());
    // During a clear the folder is briefly renamed, and restored if the clear fails. So try again behind the gate.
    return raw ?? this.#gate.share(read).catch(() => null);
  }

  async headers(ids: readonly string[]): Promise<readonly (readonly Header[])[]> {
    return ids.map((id) => this.#headers(id));
  }

  #headers(id: string): readonly Header[] {
    try {
      return decodedHeaders(this.#journal.raw(id) ?? readHead(this.#options.mails.pathOf(id)).head);
    } catch {
      return [];
    }
  }

  async remove(ids: readonly string[]): Promise<Removal> {
    const { gone, failure } = await this.#gate
      .share(() => this.#remove(ids))
      .catch((error: unknown) => ({ gone: [], failure: error }));
    if (failure === null) return { gone, failure };
    const cause = this.#options.folder.asStoreError(failure);
    const reason = `a mail can't be deleted: ${reasonOf(cause)}`;
    const isKnown = cause instanceof MailstopError;
    return { gone, failure: isKnown ? new MailstopError(cause.code, reason, { cause }) : new Error(reason, { cause }) };
  }

  async #remove(ids: readonly string[]): Promise<{ gone: readonly string[]; failure: unknown }> {
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
    return { gone, failure };
  }

  /** Removes any number of mails at once: renames the folder, and deletes it later. */
  clear(): Promise<void> {
    const { folder, mails, cleared } = this.#options;
    return this.#gate.alone(async () => {
      const away = await folder.writing(() => this.#putAway());
      mails.forget();
      cleared.delete(away);
    });
  }

  /** @returns the new path of the folder with the mails */
  async #putAway(): Promise<string> {
    const { place, files } = this.#options;
    const away = `${place.cleared}${randomUUID()}`;
    await this.#journal.clear(async () => {
      const fresh = `${away}${FRESH}`;
      await files.makeFolder(fresh);
      await files.rename(place.mail, away);
      try {
        await files.rename(fresh, place.mail);
        // Without this, a power loss could take new mail with the old.
        await files.syncFolder(place.root);
      } catch (error) {
        await files.rename(place.mail, fresh).catch(() => {});
        await files.rename(away, place.mail);
        throw error;
      }
    });
    return away;
  }

  forget(ids: readonly string[]): void {
    this.#options.state.forget(ids);
  }

  keepSearches(searches: readonly SavedSearch[]): void {
    this.#options.state.keepSearches(searches);
  }

  mark(id: string, marks: Marks): void {
    this.#options.state.mark(id, marks);
  }

  saved(): Promise<void> {
    const { folder, state } = this.#options;
    return this.#gate.share(() => folder.writing(() => state.saved()));
  }

  reached(seq: number): void {
    this.#options.state.reached(seq);
  }

  /** Resolves when each mail has its own file (best effort). */
  filed(): Promise<void> {
    return this.#journal.file();
  }

  /** Resolves when all cleared mails are deleted (best effort). */
  deleted(): Promise<void> {
    return this.#options.cleared.deleted();
  }

  /** Finishes work in progress, files and saves the rest, and unlocks the folder. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#gate.close(stopping(), async () => {
      const { cleared, state, lock } = this.#options;
      try {
        await this.#journal.close();
        await cleared[Symbol.asyncDispose]();
        await this.scratch[Symbol.asyncDispose]();
        await state[Symbol.asyncDispose]();
      } finally {
        await lock[Symbol.asyncDispose]();
      }
    });
    return this.#closed;
  }

  #isForJournal({ raw }: Incoming): boolean {
    return raw.length <= LARGEST_IN_JOURNAL && this.#options.journal.octets > 0;
  }
}
