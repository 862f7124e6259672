import { join } from 'node:path';
import { reasonOf } from '../../../../wire/errors.ts';
import type { Log } from '../../../log.ts';
import { afterTimeout } from '../../after.ts';
import type { Filed } from '../../archive.ts';
import { Turns } from '../../turns.ts';
import type { Files } from '../files/files.ts';
import { journalName } from '../files/place.ts';
import { Backlog, type BacklogLimits } from './backlog.ts';
import { type Appending, type Ending, Segment } from './segment.ts';

/*
 * For a small mail, its own file costs more than everything else. So under load, the mails that are ready are appended
 * to one file and synced together, and then their senders get the 250. When it is quiet they are filed: each gets its
 * own file, and the journal is removed. A mail that is deleted before that never gets one. Mails in a journal that a
 * crash left behind are filed at the next start.
 *
 * Appending runs beside filing and removing. A segment is chosen and claimed in one step, without an `await`, and only
 * the holder of the claim can append to it, file it or remove it.
 */

/** Mails are filed when none has arrived for this long, in milliseconds. */
const QUIET_MS = 50;
/**
 * Longest time that a mail waits to be filed under load, in milliseconds. At thousands per second, the store's limits
 * evict most of them before that, and a mail that never gets a file costs a fraction of one that does.
 */
const LATEST_MS = 30_000;
/** Above this share of the backlog's limits, the oldest mails are filed while new ones arrive. */
const MUCH = 3 / 4;
/** How long to wait before retrying to file, in milliseconds. */
const RETRY_MS = 5000;

interface JournalOptions {
  readonly files: Files;
  /** Where the journals are created. */
  readonly folder: string;
  /** Gives each of these mails its own file, on disk when it resolves; if it rejects, none has one. */
  readonly toFiles: (mails: readonly Filed[]) => Promise<void>;
  readonly limits: BacklogLimits;
  readonly log: Log;
}

export class Journal {
  readonly #options: JournalOptions;
  /** Oldest first; only the last is appended to. */
  readonly #segments: Segment[] = [];
  /** Where each mail is. */
  readonly #where = new Map<string, Segment>();
  /** Serializes removing and filing. */
  readonly #turns = new Turns();
  readonly #backlog: Backlog;
  #filing: Promise<void> | null = null;
  #quiet = false;
  #failing = false;
  #callOff = () => {};

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#backlog = new Backlog(options.limits);
  }

  /** The octets of a mail in the journal; null when it is not there. */
  raw(id: string): Buffer | null {
    return this.#where.get(id)?.mail(id)?.incoming.raw ?? null;
  }

  /**
   * Keeps all of these mails, on disk when it resolves, or none when it rejects. One call at a time. Waits while the
   * backlog is full.
   */
  async append(mails: readonly Filed[]): Promise<void> {
    const [first] = mails;
    if (!first) return;
    this.#quiet = false;
    while (this.#backlog.exceeds(1) && (await this.#fileOldest(() => true)));
    const claim = this.#claimToAppend(first.id);
    const { segment } = claim;
    try {
      await this.#write(mails, claim);
    } catch (error) {
      if (segment.size === 0) await this.#turns.take(() => this.#drop(segment)).catch(() => {});
      throw error;
    } finally {
      this.#fileSoon(QUIET_MS);
    }
    if (this.#isDue()) void this.#fileWhatIsDue();
  }

  async #write(mails: readonly Filed[], claim: Appending): Promise<void> {
    using held = claim;
    await held.write(mails);
    // Before the claim is released: whoever files the segment next must find its mails here.
    for (const { id } of mails) this.#where.set(id, held.segment);
    for (const mail of mails) this.#backlog.add(mail);
  }

  /** Removes mails. @returns which were removed from the journal, which have their own files, and what failed */
  remove(ids: readonly string[]): Promise<{ gone: string[]; others: string[]; failure: unknown }> {
    const removal = { gone: [] as string[], others: [] as string[], failure: null as unknown };
    if (!ids.some((id) => this.#where.has(id))) return Promise.resolve({ ...removal, others: [...ids] });
    return this.#turns.take(async () => {
      const inSegments = new Map<Segment, string[]>();
      for (const id of ids) {
        const segment = this.#where.get(id);
        if (!segment || segment.filed) removal.others.push(id);
        if (segment) inSegments.set(segment, [...(inSegments.get(segment) ?? []), id]);
      }
      for (const [segment, held] of inSegments) {
        try {
          using claim = held.length === segment.size ? segment.claimToEnd() : null;
          if (claim) await this.#end(claim);
          else await this.#takeOut(held, segment);
        } catch (error) {
          removal.failure = error;
        }
        if (!segment.filed) removal.gone.push(...held.filter((id) => !this.#where.has(id)));
      }
      return removal;
    });
  }

  /** Files everything (best effort). What can't be filed stays, and is filed at the next start. */
  async file(): Promise<void> {
    await this.#filing;
    this.#quiet = true;
    await this.#fileWhatIsDue();
    this.#callOff();
  }

  /** Runs `work`, which removes every mail in the folder, then forgets them. If it rejects, nothing changes. */
  clear(work: () => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      await work();
      this.#where.clear();
      this.#backlog.clear();
      await this.#abandonAll();
    });
  }

  /** Files everything, like `file`, and leaves what can't be filed to the next start. */
  async close(): Promise<void> {
    await this.file();
    await this.#turns.take(() => this.#abandonAll());
  }

  async #abandonAll(): Promise<void> {
    await Promise.all(this.#segments.splice(0).map((segment) => segment.abandon()));
  }

  /** Claims the last segment if it accepts mail, otherwise a new one. */
  #claimToAppend(firstId: string): Appending {
    const claim = this.#segments.at(-1)?.claimToAppend();
    if (claim) return claim;
    const { folder, files } = this.#options;
    const segment = new Segment(join(folder, journalName(firstId)), files);
    const claimed = segment.claimToAppend();
    if (!claimed) throw new Error('a new segment takes no mail');
    this.#segments.push(segment);
    return claimed;
  }

  /** Removes mails concurrently. Tries all of them before it rejects. */
  async #takeOut(ids: readonly string[], segment: Segment): Promise<void> {
    const takeOut = async (id: string) => {
      const mail = segment.mail(id);
      await segment.takeOut(id);
      if (mail) this.#forget(mail);
    };
    for (const result of await Promise.allSettled(ids.map(takeOut)))
      if (result.status === 'rejected') throw result.reason;
  }

  /** Removes an empty segment, unless it is claimed or already gone. */
  async #drop(segment: Segment): Promise<void> {
    using claim = segment.claimToEnd();
    if (claim) await this.#end(claim);
  }

  async #end(claim: Ending): Promise<void> {
    const { segment } = claim;
    await claim.remove();
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    for (const mail of segment.mails) this.#forget(mail);
  }

  #forget(mail: Filed): void {
    if (this.#where.delete(mail.id)) this.#backlog.remove(mail);
  }

  /** Whether the oldest segment should be filed now. */
  #isDue(): boolean {
    const [oldest] = this.#segments;
    if (!oldest) return false;
    return this.#quiet || this.#backlog.exceeds(MUCH) || performance.now() - oldest.begun > LATEST_MS;
  }

  #fileSoon(delay: number): void {
    this.#callOff();
    this.#callOff = afterTimeout(delay, () => {
      this.#quiet = true;
      void this.#fileWhatIsDue();
    });
  }

  /** Never rejects. */
  #fileWhatIsDue(): Promise<void> {
    this.#filing ??= this.#fileAllThatIsDue().finally(() => {
      this.#filing = null;
    });
    return this.#filing;
  }

  async #fileAllThatIsDue(): Promise<void> {
    try {
      while (await this.#fileOldest(() => this.#isDue())) {
        if (this.#failing) this.#options.log.info('mail filed again', { folder: this.#options.folder });
        this.#failing = false;
      }
    } catch (error) {
      const facts = { folder: this.#options.folder, reason: reasonOf(error) };
      // Log only the first failure: this may go on for hours.
      if (!this.#failing) this.#options.log.warn('mail not filed yet', facts);
      this.#failing = true;
      this.#fileSoon(RETRY_MS);
    }
  }

  /** @param wanted called when it is its turn @returns false when there was nothing to file */
  #fileOldest(wanted: () => boolean): Promise<boolean> {
    return this.#turns.take(async () => {
      const [oldest] = this.#segments;
      using claim = oldest && wanted() ? oldest.claimToEnd() : null;
      if (!claim) return false;
      const { segment } = claim;
      if (!segment.filed) {
        await this.#options.toFiles(segment.mails);
        claim.setFiled();
      }
      await this.#end(claim);
      return true;
    });
  }
}
