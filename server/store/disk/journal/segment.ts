import { dirname } from 'node:path';
import type { Filed } from '../../archive.ts';
import { type Files, lengthOf, type NewFile } from '../files/files.ts';
import { GONE, JOURNAL_HEAD, printFrame } from './frames.ts';

/** In octets. A longer segment accepts no more mail: it is filed as a whole, and callers may be waiting for that. */
const LONGEST = 1024 * 1024;

/**
 * Who may do what with a segment. `appending` and `ending` are claims: each has one holder, who got it from
 * `claimToAppend` or `claimToEnd`; everybody else has to wait or use another segment.
 */
type State =
  | { readonly is: 'open' }
  | { readonly is: 'appending' }
  /** Accepts no more mail. `filed`: its mails have their own files; only the segment's file is left to remove. */
  | { readonly is: 'full'; readonly filed: boolean }
  | { readonly is: 'ending'; readonly filed: boolean }
  | { readonly is: 'ended' };

/** The right to append to a segment; dispose of it to give the right back. */
export interface Appending extends Disposable {
  readonly segment: Segment;
  /** All of the mails are on disk when it resolves, none when it rejects. */
  write(mails: readonly Filed[]): Promise<void>;
}

/** The right to file the mails of a segment and to remove it; dispose of it to give the right back. */
export interface Ending extends Disposable {
  readonly segment: Segment;
  /** Marks the mails as having their own files. */
  setFiled(): void;
  /** Removes the file. When it resolves, the segment has ended; if it rejects, nothing changes. */
  remove(): Promise<void>;
}

interface Entry {
  readonly mail: Filed;
  /** Its offset in the file. */
  readonly at: number;
}

/** One file of the journal. */
export class Segment {
  readonly begun = performance.now();
  readonly #path: string;
  readonly #files: Files;
  readonly #entries = new Map<string, Entry>();
  /** Null until the first mail is written. */
  #file: NewFile | null = null;
  #length = 0;
  #state: State = { is: 'open' };

  constructor(path: string, files: Files) {
    this.#path = path;
    this.#files = files;
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

  /** Whether its mails have their own files. */
  get filed(): boolean {
    return 'filed' in this.#state && this.#state.filed;
  }

  /** Null while somebody else has a claim, and when it accepts no more mail. */
  claimToAppend(): Appending | null {
    if (this.#state.is !== 'open') return null;
    const claim: State = { is: 'appending' };
    this.#state = claim;
    let after: State = { is: 'open' };
    return {
      segment: this,
      write: async (mails) => {
        try {
          await this.#append(mails);
          if (this.#state !== claim) throw new Error(`${this.#path} was removed`);
          if (this.#length >= LONGEST) after = { is: 'full', filed: false };
        } catch (error) {
          // Never write after a failed write.
          after = { is: 'full', filed: false };
          throw error;
        }
      },
      [Symbol.dispose]: () => {
        if (this.#state === claim) this.#state = after;
      },
    };
  }

  /** Null while somebody else has a claim, and when it has ended. */
  claimToEnd(): Ending | null {
    if (this.#state.is !== 'open' && this.#state.is !== 'full') return null;
    let claim: State & { is: 'ending' } = { is: 'ending', filed: this.filed };
    this.#state = claim;
    return {
      segment: this,
      setFiled: () => {
        claim = { is: 'ending', filed: true };
        this.#state = claim;
      },
      remove: async () => {
        await this.#files.remove(this.#path);
        this.#state = { is: 'ended' };
        await this.#close();
      },
      [Symbol.dispose]: () => {
        if (this.#state === claim) this.#state = { is: 'full', filed: claim.filed };
      },
    };
  }

  async #append(mails: readonly Filed[]): Promise<void> {
    this.#file ??= await this.#create();
    const file = this.#file;
    const head = this.#length === 0 ? [JOURNAL_HEAD] : [];
    const frames = mails.map(printFrame);
    let end = this.#length + lengthOf(head);
    const entries = mails.map((mail, index): Entry => {
      const at = end;
      end += lengthOf(frames[index] ?? []);
      return { mail, at };
    });
    try {
      await file.write(...head, ...frames.flat());
      await file.sync();
    } catch (error) {
      // The next start must not find mail that was refused. Throw the first error.
      for (const { at } of entries) await file.overwrite(GONE, at).catch(() => {});
      throw error;
    }
    this.#length = end;
    for (const entry of entries) this.#entries.set(entry.mail.id, entry);
  }

  /** Creates a file that survives a power loss, or leaves nothing. */
  async #create(): Promise<NewFile> {
    const file = await this.#files.create(this.#path);
    try {
      await this.#files.syncFolder(dirname(this.#path));
      return file;
    } catch (error) {
      await this.#files.remove(this.#path).catch(() => {});
      await file.close().catch(() => {});
      throw error;
    }
  }

  /** Removes one mail. Not synced: deletions never are. */
  async takeOut(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    await this.#file?.overwrite(GONE, entry.at);
    this.#entries.delete(id);
  }

  /** Ends without removing the file: the owner of the folder does that, or the next start files it. */
  abandon(): Promise<void> {
    this.#state = { is: 'ended' };
    return this.#close();
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(() => {});
  }
}
