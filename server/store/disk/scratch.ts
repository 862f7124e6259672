import { readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, stopping } from '../../../wire/errors.ts';
import type { Log } from '../../log.ts';
import type { Kept, Scratch } from '../archive.ts';
import { Turns } from '../turns.ts';
import type { FreeSpace } from './files/space.ts';

/** Octets per scratch file. Files are small because one is freed only when all of its texts are released. */
const SEGMENT = 32 * 1024 * 1024;

interface Segment {
  readonly file: FileHandle;
  length: number;
  /** Number of texts not released yet. */
  wanted: number;
}

interface ScratchOptions {
  /** Asked before anything is written. */
  readonly space: FreeSpace | null;
  readonly log: Log;
}

/** A text that could not be written. Searches read the mail instead. */
const LOST: Kept = { read: async () => null, release() {} };

/**
 * Texts that would take too much memory. They are in unlinked files, which vanish with the process, however it ends:
 * the next start has nothing to find, check or remove.
 */
export class DiskScratch implements Scratch, AsyncDisposable {
  readonly charsAtHand = 2 * 1024 * 1024;
  readonly #folder: string;
  readonly #options: ScratchOptions;
  #failing = false;
  readonly #segments = new Set<Segment>();
  #current: Segment | null = null;
  #opened = 0;
  #closed = false;
  readonly #opening = new Turns();

  /** @param folder where the files are created */
  constructor(folder: string, options: ScratchOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async keep(text: string): Promise<Kept> {
    try {
      const kept = await this.#keep(Buffer.from(text));
      if (this.#failing) this.#options.log.info('search texts kept again');
      this.#failing = false;
      return kept;
    } catch (error) {
      if (!this.#failing && !this.#closed) {
        const so = 'searches read these mails again, which takes longer';
        this.#options.log.warn('search texts not kept', { reason: reasonOf(error), so });
      }
      this.#failing = true;
      return LOST;
    }
  }

  async #keep(octets: Buffer): Promise<Kept> {
    using _room = (await this.#options.space?.claim(octets.length)) ?? null;
    const { segment, position } =
      this.#claim(octets.length) ?? (await this.#opening.take(() => this.#claimOrOpen(octets.length)));
    try {
      await write(segment.file, octets, position);
    } catch (error) {
      this.#release(segment);
      throw error;
    }
    return this.#kept(segment, position, octets.length);
  }

  /** Separate from `#keep`, so that the closures don't keep the octets alive. */
  #kept(segment: Segment, position: number, length: number): Kept {
    let released = false;
    return {
      read: async () => read(segment.file.fd, position, length),
      release: () => {
        if (released) return;
        released = true;
        this.#release(segment);
      },
    };
  }

  /** Claims room in the current file synchronously, so that it isn't closed; null when it has no room. */
  #claim(octets: number): { readonly segment: Segment; readonly position: number } | null {
    const segment = this.#current;
    if (!segment || segment.length + octets > SEGMENT) return null;
    return this.#claimIn(segment, octets);
  }

  #claimIn(segment: Segment, octets: number): { readonly segment: Segment; readonly position: number } {
    const position = segment.length;
    segment.length += octets;
    segment.wanted += 1;
    return { segment, position };
  }

  /** One call at a time: a waiting call may find room in a file that another has opened. */
  async #claimOrOpen(octets: number) {
    const claimed = this.#claim(octets);
    if (claimed) return claimed;
    if (this.#closed) throw stopping();
    this.#opened += 1;
    const path = join(this.#folder, `${process.pid}-${this.#opened}.scratch`);
    const segment: Segment = { file: await open(path, 'wx+', 0o600), length: 0, wanted: 0 };
    await rm(path, { force: true }).catch(() => {});
    const before = this.#current;
    this.#segments.add(segment);
    this.#current = segment;
    if (before) this.#closeUnwanted(before);
    return this.#claimIn(segment, octets);
  }

  #release(segment: Segment): void {
    segment.wanted -= 1;
    this.#closeUnwanted(segment);
  }

  #closeUnwanted(segment: Segment): void {
    if (segment.wanted > 0 || segment === this.#current) return;
    if (this.#segments.delete(segment)) void segment.file.close().catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening.take(() => {
      this.#closed = true;
    });
    const segments = [...this.#segments];
    this.#segments.clear();
    this.#current = null;
    await Promise.allSettled(segments.map(({ file }) => file.close()));
  }
}

async function write(file: FileHandle, octets: Buffer, position: number): Promise<void> {
  for (let at = 0; at < octets.length; ) {
    const { bytesWritten } = await file.write(octets, at, octets.length - at, position + at);
    at += bytesWritten;
  }
}

/** Synchronous: each takes microseconds, less than handing it to another thread. Null when it can't be read. */
function read(file: number, position: number, length: number): string | null {
  const octets = Buffer.allocUnsafe(length);
  try {
    for (let at = 0; at < length; ) {
      const got = readSync(file, octets, at, length - at, position + at);
      if (got === 0) return null;
      at += got;
    }
    return octets.toString();
  } catch {
    return null;
  }
}
