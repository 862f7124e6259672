import { join } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import { reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Marks } from '../archive.ts';
import type { SavedSearch } from '../events.ts';
import { Turns } from '../turns.ts';
import { type Files, readIfThere, replace } from './files.ts';
import type { Place } from './place.ts';

const schema = z.object({
  version: z.literal(1),
  /** No number above it has been given to a change. */
  seq: z.int().nonnegative(),
  /** Only of mails that differ from new ones. */
  searches: z
    .array(z.object({ name: z.string(), q: z.string() }).readonly())
    .readonly()
    .default([]),
  marks: z.record(
    z.string(),
    z.object({ read: z.boolean(), tags: z.array(z.string()).readonly(), pinned: z.boolean().default(false) }),
  ),
});
type Saved = z.infer<typeof schema>;

/** Numbers that are saved as given before they are, so that not each one costs a write. */
const AHEAD = 1000;
/** Changes within this time, in milliseconds, are saved together. */
const DELAY = 500;
/** A large state is saved more seldom, so that saving takes at most this part of the time. */
const SHARE = 1 / 20;
const RETRY = 5000;

/**
 * The small things that change: read marks, tags, pins, saved searches and the last number given. Saved a moment after they change, as a
 * whole, by a rename. This is the one file that knows lowdb.
 */
export class State implements AsyncDisposable {
  readonly #low: Low<Saved>;
  readonly #log: Log;
  readonly #turns = new Turns();
  #timer: NodeJS.Timeout | null = null;
  #delay = DELAY;
  #seq: number;
  /** Up to here numbers are known on the disk to have been given. */
  #reserved: number;

  private constructor(low: Low<Saved>, log: Log) {
    this.#low = low;
    this.#log = log;
    this.#seq = this.#reserved = low.data.seq;
  }

  /** Reads what was saved. A file that is damaged is set aside, and everything counts as unread. */
  static async open(place: Place, files: Files, log: Log): Promise<State> {
    const adapter: Adapter<Saved> = {
      read: async () => {
        const octets = await readIfThere(place.state);
        if (octets === null) return null;
        try {
          return schema.parse(JSON.parse(octets.toString()));
        } catch (error) {
          const to = join(place.aside, `state-${Date.now()}.json`);
          await files.rename(place.state, to);
          log.warn('state set aside', { file: to, reason: reasonOf(error) });
          return null;
        }
      },
      write: (data) => replace(files, place.state, Buffer.from(JSON.stringify(data))),
    };
    const low = new Low<Saved>(adapter, { version: 1, seq: 0, searches: [], marks: {} });
    await low.read();
    return new State(low, log);
  }

  /** The last number that may have been given in an earlier run. */
  get seq(): number {
    return this.#seq;
  }

  get searches(): readonly SavedSearch[] {
    return this.#low.data.searches;
  }

  keepSearches(searches: readonly SavedSearch[]): void {
    this.#low.data.searches = searches;
    this.#soon(this.#delay);
  }

  /** Null for a mail as it was when it came. */
  marksOf(id: string): Marks | null {
    return this.#low.data.marks[id] ?? null;
  }

  mark(id: string, { read, tags, pinned }: Marks): void {
    if (read || pinned || tags.length > 0) this.#low.data.marks[id] = { read, tags, pinned };
    else delete this.#low.data.marks[id];
    this.#soon(this.#delay);
  }

  /** For mails that are gone. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#low.data.marks[id] === undefined) continue;
      delete this.#low.data.marks[id];
      this.#soon(this.#delay);
    }
  }

  forgetAll(): void {
    this.forget(Object.keys(this.#low.data.marks));
  }

  /** Forgets the marks of all other mails: a crash may have come between a deletion and its being saved. */
  retain(ids: ReadonlySet<string>): void {
    this.forget(Object.keys(this.#low.data.marks).filter((id) => !ids.has(id)));
  }

  /** A number was given. */
  reached(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    if (this.#reserved - this.#seq < AHEAD / 2) this.#soon(this.#delay);
  }

  /** Resolves when the disk knows that numbers up to this one may have been given. */
  async reserve(seq: number): Promise<void> {
    if (seq > this.#reserved) await this.#save(seq);
  }

  #soon(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#save().catch((error: unknown) => {
        this.#log.error('state not saved', { reason: reasonOf(error) });
        this.#soon(RETRY);
      });
    }, delay).unref();
  }

  #save(atLeast = 0): Promise<void> {
    return this.#turns.take(async () => {
      const since = performance.now();
      const seq = Math.max(atLeast, this.#seq + AHEAD, this.#reserved);
      await this.#write(seq);
      this.#reserved = seq;
      this.#delay = Math.max(DELAY, (performance.now() - since) / SHARE);
    });
  }

  async #write(seq: number): Promise<void> {
    this.#low.data.seq = seq;
    await this.#low.write();
  }

  /** Saves what is not saved yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer ?? undefined);
    await this.#turns.take(() => this.#write(this.#seq));
    clearTimeout(this.#timer ?? undefined);
  }
}
