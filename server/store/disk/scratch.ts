import { readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, stopping } from '../../../wire/errors.ts';
import type { Log } from '../../log.ts';
import type { Kept, Scratch } from '../archive.ts';
import { Turns } from '../turns.ts';
import type { FreeSpace } from './files/space.ts';

/** A file of the scratch is given up, and its room with it, when all of its texts are; so no file is large. */
const SEGMENT = 32 * 1024 * 1024;

interface Segment {
  readonly file: FileHandle;
  length: number;
  /** Texts that are still wanted. */
  wanted: number;
}

interface ScratchOptions {
  /** Asked before anything is written. */
  readonly space: FreeSpace | null;
  readonly log: Log;
}

/** What could not be put on the disk. The mail itself has it. */
const LOST: Kept = { read: () => null, release() {} };

/**
 * Texts that memory has no room for. They lie in files without a name, which end with the process, however it ends:
 * nothing of them has to be found, checked or removed at the next start.
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

  /** @param folder where the files are made */
  constructor(folder: string, options: ScratchOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async keep(text: string): Promise<Kept> {
    try {
      const kept = await this.#keep(Buffer.from(text));
      if (this.#failing) this.#options.log.info('texts for searching kept again');
      this.#failing = false;
      return kept;
    } catch (error) {
      if (!this.#failing && !this.#closed) {
        const so = 'searches read these mails again, which takes longer';
        this.#options.log.warn('texts for searching not kept', { reason: reasonOf(error), so });
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

  /** Apart from `keep`, so that what is handed out does not hold on to the octets. */
  #kept(segment: Segment, position: number, length: number): Kept {
    let released = false;
    return {
      read: () => read(segment.file.fd, position, length),
      release: () => {
        if (released) return;
        released = true;
        this.#release(segment);
      },
    };
  }

  /** Claims room in the current file at once, so that the file stays; null when it has none. */
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

  /** One call at a time: whoever waited may find room in what another has opened. */
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

/** Not asynchronous: a search reads many in one go, and each takes microseconds. Null when it can't be had. */
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
