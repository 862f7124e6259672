import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Adapter, Low } from 'lowdb';
import { MailstopError, reasonOf, stopping } from '../../../wire/errors.ts';
import type { Log } from '../../log.ts';
import type { Marks } from '../archive.ts';
import type { SavedSearch } from '../events.ts';
import { Turns } from '../turns.ts';
import { type Files, replace } from './files/files.ts';
import { FORMATS } from './files/format.ts';
import type { Place } from './files/place.ts';
import { marksSchema, NEW, type Saved } from './saved.ts';

/** Seqs are reserved on disk before use, this many at a time, so that not each one costs a write. */
const AHEAD = 1000;
/** Changes within this time, in milliseconds, are saved together. */
const DELAY = 500;
/** A large state is saved less often, so that saving takes at most this part of the time. */
const SHARE = 1 / 20;
const RETRY = 5000;
const MEANWHILE = 'retrying; until it works, changes get an error';

/**
 * The small mutable state: read marks, tags, pins, saved searches and the last seq. Saved as a whole shortly after a
 * change, by a rename. This is the one file that knows lowdb.
 */
export class State implements AsyncDisposable {
  readonly #low: Low<Saved>;
  readonly #path: string;
  readonly #log: Log;
  readonly #turns = new Turns();
  #timer: NodeJS.Timeout | null = null;
  #delay = DELAY;
  #seq: number;
  /** Seqs up to this one are reserved on disk. */
  #reserved: number;
  /** Whether something changed since the last save began, or that save failed. */
  #changed = false;
  #failing = false;
  /** The next save, shared by all waiting callers, until it begins. */
  #next: Promise<void> | null = null;
  #restUntil = 0;
  #closed = false;

  private constructor(low: Low<Saved>, path: string, log: Log) {
    this.#low = low;
    this.#path = path;
    this.#log = log;
    this.#seq = this.#reserved = low.data.seq;
  }

  /** Continues with the saved state. A damaged file is set aside; then all mail counts as unread. */
  static async open(saved: Saved | Error | null, place: Place, files: Files, log: Log): Promise<State> {
    if (saved instanceof Error) {
      const to = join(place.aside, `state-${Date.now()}.json`);
      await files.rename(place.state, to);
      log.warn('state set aside', { file: to, reason: reasonOf(saved) });
    }
    const adapter: Adapter<Saved> = {
      read: async () => (saved instanceof Error ? null : saved),
      write: (data) => replace(files, place.state, Buffer.from(JSON.stringify(data))),
    };
    const low = new Low<Saved>(adapter, { version: FORMATS.state, seq: 0, searches: [], marks: {} });
    await low.read();
    return new State(low, place.state, log);
  }

  /** The highest seq that may have been assigned in an earlier run. */
  get seq(): number {
    return this.#seq;
  }

  get searches(): readonly SavedSearch[] {
    return this.#low.data.searches;
  }

  keepSearches(searches: readonly SavedSearch[]): void {
    this.#low.data.searches = searches;
    this.#change();
  }

  /** Null for a mail with the marks of a new one. */
  marksOf(id: string): Marks | null {
    return this.#low.data.marks[id] ?? null;
  }

  mark(id: string, marks: Marks): void {
    const all = this.#low.data.marks;
    const changed = { ...all[id] };
    for (const name of marksSchema.keyof().options) Object.assign(changed, { [name]: marks[name] });
    if (isDeepStrictEqual(changed, all[id] ?? NEW)) return;
    if (isDeepStrictEqual(changed, NEW)) delete all[id];
    else all[id] = marksSchema.parse(changed);
    this.#change();
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#low.data.marks[id] === undefined) continue;
      delete this.#low.data.marks[id];
      this.#change();
    }
  }

  /** Forgets the marks of all other mails: a crash may have come between a deletion and its save. */
  retain(ids: ReadonlySet<string>): void {
    this.forget(Object.keys(this.#low.data.marks).filter((id) => !ids.has(id)));
  }

  /** Called when a seq was assigned. */
  reached(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    if (this.#isLow()) this.#soon(this.#delay);
  }

  /** Whether few reserved seqs are left. */
  #isLow(): boolean {
    return this.#reserved - this.#seq < AHEAD / 2;
  }

  /** Resolves when seqs up to this one are reserved on disk. */
  async reserve(seq: number): Promise<void> {
    if (seq > this.#reserved) await this.#save(seq);
  }

  /** Resolves when all changes so far are on disk. Callers that arrive during a save share the next one. */
  async saved(): Promise<void> {
    // The save under way may include the change.
    if (!this.#changed) await this.#turns.take(() => {});
    if (!this.#changed) return;
    this.#next ??= pause(Math.max(0, this.#restUntil - performance.now()), undefined, { ref: false }).then(() =>
      this.#save(),
    );
    await this.#next;
  }

  /** Saves again in a folder that has lost the file. */
  async saveAgain(): Promise<void> {
    this.#changed = true;
    await this.saved();
  }

  #change(): void {
    this.#changed = true;
    this.#soon(this.#delay);
  }

  #soon(delay: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#changed || this.#isLow()) this.#save().catch(() => {});
    }, delay).unref();
  }

  #save(atLeast = 0): Promise<void> {
    return this.#turns.take(async () => {
      this.#next = null;
      if (this.#closed) throw stopping();
      const since = performance.now();
      const seq = Math.max(atLeast, this.#seq + AHEAD, this.#reserved);
      try {
        await this.#write(seq);
      } catch (error) {
        this.#failed(error);
        throw error;
      }
      this.#reserved = seq;
      if (this.#failing) this.#log.info('state saved again');
      this.#failing = false;
      this.#delay = Math.max(DELAY, (performance.now() - since) / SHARE);
    });
  }

  /** Logs the first failure, and retries until it works. */
  #failed(error: unknown): void {
    this.#changed = true;
    if (!this.#failing) this.#log.error('state not saved', { reason: reasonOf(error), so: MEANWHILE });
    this.#failing = true;
    this.#soon(RETRY);
  }

  async #write(seq: number): Promise<void> {
    this.#low.data.seq = seq;
    this.#changed = false;
    const since = performance.now();
    // Serializing blocks the event loop, and happens before this call returns.
    const written = this.#low.write();
    const now = performance.now();
    this.#restUntil = now + (now - since) / SHARE;
    await written;
  }

  /**
   * Saves one last time. @throws {MailstopError} `cannot-open-data` when changes are lost; the mails are safe anyway
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close(async () => {
      const isSaved = !this.#changed && this.#seq <= this.#reserved;
      try {
        await this.#write(this.#seq);
      } catch (error) {
        // Nothing is lost: the next run just skips some seqs.
        if (isSaved && existsSync(this.#path)) return;
        const lost = 'read marks, tags, pins and searches since the last save are lost';
        throw new MailstopError('cannot-open-data', `the state can't be saved: ${reasonOf(error)}; ${lost}`);
      }
    });
  }

  /** Closes without saving: another process may take the folder. */
  discard(): Promise<void> {
    return this.#close(() => {});
  }

  #close(last: () => void | Promise<void>): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer ?? undefined);
    return this.#turns.take(last);
  }
}
