import type { Filed } from '../../archive.ts';
import { inBlocks } from '../files/space.ts';

/** How much mail may wait to be filed. */
export interface BacklogLimits {
  /** Octets of the mails; they are in memory until filed. */
  readonly octets: number;
  /** Disk octets needed to file them, beyond what is freed when their journals are removed. */
  readonly room: number;
}

/** Counts the mail that waits to be filed. */
export class Backlog {
  readonly #limits: BacklogLimits;
  #octets = 0;
  #room = 0;

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  add(mail: Filed): void {
    this.#count(mail, 1);
  }

  remove(mail: Filed): void {
    this.#count(mail, -1);
  }

  clear(): void {
    this.#octets = 0;
    this.#room = 0;
  }

  /** Whether the backlog exceeds this share of the limits. */
  exceeds(share: number): boolean {
    return this.#octets > this.#limits.octets * share || this.#room > this.#limits.room * share;
  }

  #count({ incoming: { raw } }: Filed, sign: 1 | -1): void {
    this.#octets += sign * raw.length;
    this.#room += sign * (inBlocks(raw.length) - raw.length);
  }
}
