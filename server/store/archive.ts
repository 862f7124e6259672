import type { Flags } from '../../wire/flags.ts';
import type { LazySummary } from '../message/lazy-summary.ts';
import type { DeletedFrom, Header, Incoming } from '../message/message.ts';
import { decodedHeaders } from '../message/summary.ts';
import { DeflatedTexts } from './memory/deflated-texts.ts';

/** A mail with its identity in the store. */
export interface Filed {
  readonly id: string;
  readonly seq: number;
  readonly incoming: Incoming;
}

/** What a mail brought along beside its octets. */
export type Received = Pick<Incoming, 'envelope' | 'peer' | 'warnings'>;

/** What an archive has kept from an earlier run. */
export interface Earlier {
  /** In the order of their seq. */
  readonly mails: readonly { readonly summary: LazySummary; readonly received: Received }[];
  /** The last one that may have been given. */
  readonly seq: number;
}

/** What readers may change of a mail that outlasts the process. */
export interface Marks extends Flags {
  readonly tags: readonly string[];
  readonly deletedFrom: DeletedFrom | null;
}

/**
 * Where the octets of the mails live. The store keeps what lists and searches need in memory and asks here for the
 * rest. A mail comes in two steps, so that what each costs alone needs no number yet and mails take it side by side.
 */
export interface Archive {
  /** Where texts go that are too many to be at hand. */
  readonly scratch: Scratch;
  /**
   * The first step: the octets are written, but nobody would find them.
   * @throws {MailstopError} `store-full` when there is no room; anything else when it fails otherwise
   */
  write(id: string, incoming: Incoming): Promise<void>;
  /** The second step: all of these mails are kept from now on, or none is. One call at a time. @throws like `write` */
  commit(mails: readonly Filed[]): Promise<void>;
  /** Instead of the second step: what was written is not wanted after all. Never rejects. */
  discard(ids: readonly string[]): Promise<void>;
  /** The octets as received; null when they are gone. */
  raw(id: string): Promise<Buffer | null>;
  /** The header fields, at once: a search asks for those of many mails in one go. */
  headers(id: string): readonly Header[];
  /** @returns the ids that are gone now, and why the others are not */
  remove(ids: readonly string[]): Promise<Removal>;
  /** Removes all mails. If it rejects, they are all there. */
  clear(): Promise<void>;
  /** Remembers marks, which the next `saved` makes last. */
  mark(id: string, marks: Marks): void;
  /** Forgets the marks of mails that are not listed any more. */
  forget(ids: readonly string[]): void;
  /**
   * Resolves when all that was remembered and forgotten so far outlasts the process.
   * @throws {MailstopError} `store-full`, `data-unwritable`; then it is tried again by itself
   */
  saved(): Promise<void>;
  /** Hears of each number that the store gives to a change, so that none is given again after a restart. */
  reached(seq: number): void;
}

/** Keeps texts as long as the process lives. */
export interface Scratch {
  /** So many chars of texts had better be at hand. */
  readonly charsAtHand: number;
  /** Never rejects: a text that finds no room can't be read. */
  keep(text: string): Promise<Kept>;
}

export interface Kept {
  /** At once, like `headers`; null when it can't be read. */
  read(): string | null;
  /** It is not wanted any more. */
  release(): void;
}

export interface Removal {
  readonly gone: readonly string[];
  readonly failure: Error | null;
}

/** Mails as long as the process lives. */
export class MemoryArchive implements Archive {
  readonly scratch: Scratch;
  readonly #octets = new Map<string, Buffer>();

  constructor(scratch: Scratch = new DeflatedTexts()) {
    this.scratch = scratch;
  }

  async write(id: string, { raw }: Incoming): Promise<void> {
    this.#octets.set(id, raw);
  }

  async commit(): Promise<void> {}

  async discard(ids: readonly string[]): Promise<void> {
    await this.remove(ids);
  }

  async raw(id: string): Promise<Buffer | null> {
    return this.#octets.get(id) ?? null;
  }

  headers(id: string): readonly Header[] {
    return decodedHeaders(this.#octets.get(id) ?? Buffer.alloc(0));
  }

  async remove(ids: readonly string[]): Promise<Removal> {
    for (const id of ids) this.#octets.delete(id);
    return { gone: ids, failure: null };
  }

  async clear(): Promise<void> {
    this.#octets.clear();
  }

  mark(): void {}

  forget(): void {}

  async saved(): Promise<void> {}

  reached(): void {}
}

export function octetsOf(mails: readonly { readonly incoming: Incoming }[]): number {
  return mails.reduce((sum, { incoming }) => sum + incoming.raw.length, 0);
}
