import type { Filed } from '../../archive.ts';
import { inBlocks } from '../files/space.ts';

/** How much mail may wait to be filed. */
export interface BacklogLimits {
  /** Octets of the mails, which are in memory until they are filed. */
  readonly octets: number;
  /** Octets of the disk that it takes to file them, beside what is free again when their journals are gone. */
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

  /** Whether more waits than this share of what may. */
  exceeds(share: number): boolean {
    return this.#octets > this.#limits.octets * share || this.#room > this.#limits.room * share;
  }

  #count({ incoming: { raw } }: Filed, sign: 1 | -1): void {
    this.#octets += sign * raw.length;
    this.#room += sign * (inBlocks(raw.length) - raw.length);
  }
}
