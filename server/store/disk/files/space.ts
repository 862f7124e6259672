import { statfs } from 'node:fs/promises';
import { MailstopError } from '../../../../wire/errors.ts';
import { type After, afterTimeout } from '../../after.ts';
import type { DiskSpace } from '../../events.ts';
import { Turns } from '../../turns.ts';

/** How often others are looked for who fill the disk, and who make room on it, in milliseconds. */
const LOOK_MS = 5000;
const LOOK_WHEN_LOW_MS = 1000;

const BLOCK = 4096;
/** What a file takes beside its blocks: its name, its place in the file system, a line in the file of records. */
const BESIDE = 1024;

/** Octets on the disk for a mail of this size that has its own file. */
export function inBlocks(octets: number): number {
  return Math.ceil(octets / BLOCK) * BLOCK + BESIDE;
}

/** Room for a mail that is being written. Disposing of it says that it is written, or won't be. */
export type SpaceClaim = Disposable;

/**
 * Watches the free space of a disk, and refuses mail while there is less of it than its floor. Between two looks what
 * was claimed is counted, and nothing is refused without a look, so that mail is taken as soon as there is room.
 */
export class FreeSpace {
  readonly #folder: string;
  readonly #floor: number;
  readonly #measure: (folder: string) => Promise<number>;
  readonly #looks = new Turns();
  #waiting: Promise<void> | null = null;
  /** As measured, less what was claimed since; null when it can't be told, which refuses nothing. */
  #free: number | null = null;
  /** Octets that are claimed and may not be on the disk yet. */
  #claimed = 0;
  #low = false;
  #changed: (state: DiskSpace) => void = () => {};

  /**
   * @param floor so many octets are left free
   * @param measure free octets where a folder is
   */
  constructor(folder: string, floor: number, measure = availableIn) {
    this.#folder = folder;
    this.#floor = floor;
    this.#measure = measure;
  }

  /**
   * Looks now and then, not only when there is mail.
   * @param changed called when the disk has come below the floor, and when it is above it again
   */
  async watch(changed: (state: DiskSpace) => void, after: After = afterTimeout): Promise<Disposable> {
    this.#changed = changed;
    let stopped = false;
    let callOff = () => {};
    const look = async () => {
      await this.#look();
      if (!stopped) callOff = after(this.#low ? LOOK_WHEN_LOW_MS : LOOK_MS, () => void look());
    };
    await look();
    return {
      [Symbol.dispose]() {
        stopped = true;
        callOff();
      },
    };
  }

  /** The disk as it is now. */
  async fresh(): Promise<{ readonly state: DiskSpace; readonly refusal: string | null }> {
    await this.#look();
    return { state: this.state, refusal: this.refusal };
  }

  get state(): DiskSpace {
    const free = this.#free === null ? null : Math.max(0, this.#free);
    return { folder: this.#folder, free, floor: this.#floor, low: this.#low };
  }

  /** Why mail is refused; null when it isn't. */
  get refusal(): string | null {
    if (!this.#low) return null;
    const { folder, free, floor } = this.state;
    return `the disk of ${folder} has ${mebibytes(free ?? 0)} free, and ${mebibytes(floor)} are to be left free (--min-free-disk)`;
  }

  /** Claims room for what is about to be written. @throws {MailstopError} `store-full` below the floor */
  async claim(octets: number): Promise<SpaceClaim> {
    // Others may have waited for the same look, and have claimed what it found.
    while (this.#free !== null && this.#free < this.#floor) {
      await this.#look();
      const { refusal } = this;
      if (refusal !== null) throw new MailstopError('store-full', `${refusal}; mail is taken again when there is room`);
    }
    if (this.#free !== null) this.#free -= octets;
    this.#claimed += octets;
    let held = octets;
    return {
      [Symbol.dispose]: () => {
        this.#claimed -= held;
        held = 0;
      },
    };
  }

  /** Measures; those who ask while others wait for their turn share it. */
  #look(): Promise<void> {
    if (this.#waiting) return this.#waiting;
    let begun = false;
    const look = this.#looks.take(async () => {
      begun = true;
      this.#waiting = null;
      const measured = await this.#measure(this.#folder).catch(() => null);
      this.#free = measured === null ? null : measured - this.#claimed;
      const low = this.#free !== null && this.#free < this.#floor;
      if (low === this.#low) return;
      this.#low = low;
      this.#changed(this.state);
    });
    if (!begun) this.#waiting = look;
    return look;
  }
}

async function availableIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export function mebibytes(octets: number): string {
  return `${(octets / 1024 ** 2).toFixed(1)} MiB`;
}
