import { reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { afterTimeout } from '../after.ts';
import { type Filed, octetsOf } from '../archive.ts';
import { Turns } from '../turns.ts';
import type { Files } from './files.ts';
import { Segment } from './segment.ts';

/*
 * Files of their own cost small mails more than all else that is done for them. So while mail pours in, those that are
 * ready are appended to one file and synced together, which is when their senders are told; and when it has become
 * quiet they are filed: each gets a file of its own, and the journal is removed. What is deleted before that never gets
 * one. Mails of a journal that was left by a crash are filed at the next start.
 */

/** When nothing has come for so long, in milliseconds, mails are filed. */
const QUIET_MS = 50;
/** No mail waits longer than that to be filed, in milliseconds, however many come. */
const LATEST_MS = 5000;
/** When filing has failed, it is tried again after so many milliseconds. */
const RETRY_MS = 5000;

interface JournalOptions {
  readonly files: Files;
  /** Where the journals are made. */
  readonly folder: string;
  /** Gives each of these mails a file of its own, on the disk when it resolves; or none of them when it rejects. */
  readonly toFiles: (mails: readonly Filed[]) => Promise<void>;
  /** Octets of mails that may wait to be filed. */
  readonly limit: number;
  readonly log: Log;
}

export class Journal {
  readonly #options: JournalOptions;
  /** The oldest first; only the last is ever appended to. */
  readonly #segments: Segment[] = [];
  /** Where each mail is. */
  readonly #where = new Map<string, Segment>();
  /** For what takes mails out of the journal. */
  readonly #turns = new Turns();
  #octets = 0;
  #filing: Promise<void> | null = null;
  #quiet = false;
  #callOff = () => {};

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Octets of a mail that is still in the journal; null when it isn't, or isn't any more. */
  raw(id: string): Buffer | null {
    return this.#where.get(id)?.mail(id)?.incoming.raw ?? null;
  }

  /**
   * Keeps all of these mails, on the disk when it resolves, or none when it rejects. One call at a time. When too much
   * waits to be filed, it waits, too.
   */
  async append(mails: readonly Filed[]): Promise<void> {
    const [first] = mails;
    if (!first) return;
    this.#quiet = false;
    while (this.#segments.length > 0 && this.#octets > this.#options.limit) await this.#fileOldest();
    const segment = await this.#segmentFor(first.id);
    try {
      await segment.append(mails);
    } catch (error) {
      if (segment.size === 0) await this.#turns.take(() => this.#end(segment)).catch(() => {});
      throw error;
    } finally {
      this.#fileSoon(QUIET_MS);
    }
    for (const { id } of mails) this.#where.set(id, segment);
    this.#octets += octetsOf(mails);
    if (this.#due()) void this.#fileWhatIsDue();
  }

  /** Takes mails out. @returns which of them were in the journal, which have files of their own, and what went wrong */
  remove(ids: readonly string[]): Promise<{ gone: string[]; others: string[]; failure: unknown }> {
    const removal = { gone: [] as string[], others: [] as string[], failure: null as unknown };
    if (!ids.some((id) => this.#where.has(id))) return Promise.resolve({ ...removal, others: [...ids] });
    return this.#turns.take(async () => {
      const inSegments = new Map<Segment, string[]>();
      for (const id of ids) {
        const segment = this.#where.get(id);
        if (!segment || segment.state === 'filed') removal.others.push(id);
        if (segment) inSegments.set(segment, [...(inSegments.get(segment) ?? []), id]);
      }
      for (const [segment, held] of inSegments) {
        try {
          if (held.length === segment.size && segment.state !== 'appending') await this.#end(segment);
          else for (const id of held) await this.#takeOut(id, segment);
        } catch (error) {
          removal.failure = error;
        }
        if (segment.state !== 'filed') removal.gone.push(...held.filter((id) => !this.#where.has(id)));
      }
      return removal;
    });
  }

  /** Files everything, as far as that can be done. What can't be filed stays, and is filed at the next start. */
  async file(): Promise<void> {
    await this.#filing;
    this.#quiet = true;
    await this.#fileWhatIsDue();
    this.#callOff();
  }

  /** Does something to the folder that takes all mails away, journals and all, unless it rejects. Not during `append`. */
  clear(work: () => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      await work();
      for (const segment of this.#segments.splice(0)) await segment.close();
      this.#where.clear();
      this.#octets = 0;
    });
  }

  async #segmentFor(firstId: string): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last?.state === 'open') return last;
    const segment = await Segment.begin(this.#options.files, this.#options.folder, firstId);
    this.#segments.push(segment);
    return segment;
  }

  async #takeOut(id: string, segment: Segment): Promise<void> {
    const mail = segment.mail(id);
    await segment.takeOut(id);
    if (mail) this.#forget(mail);
  }

  async #end(segment: Segment): Promise<void> {
    await segment.end();
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    for (const mail of segment.mails) this.#forget(mail);
  }

  #forget({ id, incoming }: Filed): void {
    if (this.#where.delete(id)) this.#octets -= incoming.raw.length;
  }

  /** The file of the journal that is to be filed now, if any. */
  #due(): Segment | null {
    const [oldest] = this.#segments;
    if (!oldest || oldest.state === 'appending') return null;
    const { limit } = this.#options;
    return this.#quiet || this.#octets > limit / 2 || performance.now() - oldest.begun > LATEST_MS ? oldest : null;
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
      for (let due = this.#due(); due; due = this.#due()) await this.#fileOldest();
    } catch (error) {
      this.#options.log.warn('mail not filed yet', { folder: this.#options.folder, reason: reasonOf(error) });
      this.#fileSoon(RETRY_MS);
    }
  }

  #fileOldest(): Promise<void> {
    return this.#turns.take(async () => {
      const [segment] = this.#segments;
      if (!segment || segment.state === 'appending') return;
      if (segment.state !== 'filed') {
        segment.state = 'full';
        await this.#options.toFiles(segment.mails);
        segment.state = 'filed';
      }
      await this.#end(segment);
    });
  }
}
