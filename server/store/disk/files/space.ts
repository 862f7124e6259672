import { statfs } from 'node:fs/promises';
import { MailstopError } from '../../../../wire/errors.ts';
import { type After, afterTimeout } from '../../after.ts';
import type { DiskSpace } from '../../events.ts';
import { Turns } from '../../turns.ts';

/** How often the disk is measured, in milliseconds, since other programs fill it and free space. */
const LOOK_MS = 5000;
const LOOK_WHEN_LOW_MS = 1000;

const BLOCK = 4096;
/** What a file takes besides its blocks: directory entry, inode, a line in the file of records. */
const BESIDE = 1024;

/** Octets on disk of a mail of this size in its own file. */
export function inBlocks(octets: number): number {
  return Math.ceil(octets / BLOCK) * BLOCK + BESIDE;
}

/** Room for a mail that is being written. Dispose of it when the mail is written or abandoned. */
export type SpaceClaim = Disposable;

/**
 * Watches the free space of a disk, and refuses mail while it is below the floor. Between two measurements, claims are
 * subtracted; mail is never refused without measuring again, so that it is accepted as soon as there is room.
 */
export class FreeSpace {
  readonly #folder: string;
  readonly #floor: number;
  readonly #measure: (folder: string) => Promise<number>;
  readonly #looks = new Turns();
  #waiting: Promise<void> | null = null;
  /** As measured, minus claims since; null when unknown, which refuses nothing. */
  #free: number | null = null;
  /** Octets that are claimed but may not be on disk yet. */
  #claimed = 0;
  #low = false;
  #changed: (state: DiskSpace) => void = () => {};

  /**
   * @param floor octets to leave free
   * @param measure returns the free octets on the disk of a folder
   */
  constructor(folder: string, floor: number, measure = availableIn) {
    this.#folder = folder;
    this.#floor = floor;
    this.#measure = measure;
  }

  /**
   * Measures periodically, not only when there is mail.
   * @param changed called when the free space falls below the floor, and when it is above it again
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

  /** Measures and returns the result. */
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
    // Others may have waited for the same measurement and claimed the space that it found.
    while (this.#free !== null && this.#free < this.#floor) {
      await this.#look();
      const { refusal } = this;
      if (refusal !== null)
        throw new MailstopError('store-full', `${refusal}; mail is accepted again when there is room`);
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

  /** Measures; callers that arrive while a measurement waits for its turn share it. */
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
