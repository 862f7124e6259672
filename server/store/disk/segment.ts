import { join } from 'node:path';
import type { Filed } from '../archive.ts';
import { type Files, lengthOf, type NewFile } from './files.ts';
import { GONE, printFrame } from './frames.ts';
import { journalName } from './place.ts';

/** Nothing is added to a longer one, in octets: it is filed as a whole, and something else may be waiting for that. */
const LONGEST = 1024 * 1024;

/** `filed`: its mails have files of their own, only the journal's is still to be removed. */
type SegmentState = 'appending' | 'open' | 'full' | 'filed';

interface Entry {
  readonly mail: Filed;
  /** Where it stands in the file. */
  readonly at: number;
}

/** One file of the journal. */
export class Segment {
  readonly begun = performance.now();
  readonly #path: string;
  readonly #files: Files;
  readonly #file: NewFile;
  readonly #entries = new Map<string, Entry>();
  #length = 0;
  state: SegmentState = 'open';

  private constructor(path: string, files: Files, file: NewFile) {
    this.#path = path;
    this.#files = files;
    this.#file = file;
  }

  /** Makes the file, which a loss of power leaves where it is; or leaves nothing. */
  static async begin(files: Files, folder: string, firstId: string): Promise<Segment> {
    const path = join(folder, journalName(firstId));
    const segment = new Segment(path, files, await files.create(path));
    try {
      await files.syncFolder(folder);
    } catch (error) {
      await segment.end().catch(() => {});
      throw error;
    }
    return segment;
  }

  get size(): number {
    return this.#entries.size;
  }

  get mails(): readonly Filed[] {
    return Array.from(this.#entries.values(), ({ mail }) => mail);
  }

  mail(id: string): Filed | null {
    return this.#entries.get(id)?.mail ?? null;
  }

  /** All of them are on the disk when it resolves, none is when it rejects. One call at a time. */
  async append(mails: readonly Filed[]): Promise<void> {
    const frames = mails.map(printFrame);
    let end = this.#length;
    const entries = mails.map((mail, index): Entry => {
      const at = end;
      end += lengthOf(frames[index] ?? []);
      return { mail, at };
    });
    this.state = 'appending';
    try {
      await this.#file.write(...frames.flat());
      await this.#file.sync();
    } catch (error) {
      // Behind what was not written as it should be nothing more is written.
      this.state = 'full';
      // Mails that were refused must not be found by the next start. What is told is the error that came first.
      for (const { at } of entries) await this.#file.overwrite(GONE, at).catch(() => {});
      throw error;
    }
    this.#length = end;
    this.state = end < LONGEST ? 'open' : 'full';
    for (const entry of entries) this.#entries.set(entry.mail.id, entry);
  }

  /** Not synced: a deletion never is. */
  async takeOut(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    await this.#file.overwrite(GONE, entry.at);
    this.#entries.delete(id);
  }

  /** Removes the file, whose mails are filed or not wanted. */
  async end(): Promise<void> {
    if (this.state === 'open') this.state = 'full';
    await this.#files.remove(this.#path);
    await this.close();
  }

  /** Lets go of the file, and leaves it. */
  close(): Promise<void> {
    return this.#file.close().catch(() => {});
  }
}
