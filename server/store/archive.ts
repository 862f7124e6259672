import type { Flags } from '../../wire/flags.ts';
import type { LazySummary } from '../message/lazy-summary.ts';
import type { DeletedFrom, Header, Incoming } from '../message/message.ts';
import { decodedHeaders } from '../message/summary.ts';
import { DeflatedTexts } from './deflated-texts.ts';
import type { SavedSearch } from './events.ts';

/** A mail with its identity in the store. */
export interface Filed {
  readonly id: string;
  readonly seq: number;
  readonly incoming: Incoming;
}

/** What was received along with a mail's octets. */
export type Received = Pick<Incoming, 'envelope' | 'peer' | 'warnings'>;

/** What an archive kept from an earlier run. */
export interface Earlier {
  /** In order of seq. */
  readonly mails: readonly { readonly summary: LazySummary; readonly received: Received }[];
  /** The highest seq that may have been assigned. */
  readonly seq: number;
  readonly searches: readonly SavedSearch[];
}

/** What users can change in a mail, kept across restarts. */
export interface Marks extends Flags {
  readonly tags: readonly string[];
  readonly deletedFrom: DeletedFrom | null;
}

/**
 * Where the octets of the mails live. The store keeps in memory what lists and searches need, and asks here for the
 * rest. A mail is stored in two steps: the slow write needs no seq yet, so that mails can be written in parallel.
 */
export interface Archive {
  /** Where texts go that would take too much memory. */
  readonly scratch: Scratch;
  /**
   * First step: writes the octets, but nobody can find them yet.
   * @throws {MailstopError} `store-full` when there is no room; any other error otherwise
   */
  write(id: string, incoming: Incoming): Promise<void>;
  /** Second step: keeps all of these mails from now on, or none. One call at a time. @throws like `write` */
  commit(mails: readonly Filed[]): Promise<void>;
  /** Instead of the second step: drops what was written. Never rejects. */
  discard(ids: readonly string[]): Promise<void>;
  /** The octets as received; null when they are gone. */
  raw(id: string): Promise<Buffer | null>;
  /** The header fields of each mail; none of a mail that is gone. Many at once, because a search reads those of many. */
  headers(ids: readonly string[]): Promise<readonly (readonly Header[])[]>;
  /** @returns the ids that were removed, and why the others were not */
  remove(ids: readonly string[]): Promise<Removal>;
  /** Removes all mails. If it rejects, none was removed. */
  clear(): Promise<void>;
  /** Remembers marks; they are durable after the next `saved`. */
  mark(id: string, marks: Marks): void;
  /** Forgets the marks of mails that are not listed any more. */
  forget(ids: readonly string[]): void;
  /** Remembers all saved searches, like `mark`. */
  keepSearches(searches: readonly SavedSearch[]): void;
  /**
   * Resolves when everything to remember or forget so far is durable.
   * @throws {MailstopError} `store-full`, `data-unwritable`; the write is then retried automatically
   */
  saved(): Promise<void>;
  /** Called with each seq that the store assigns, so that none is reused after a restart. */
  reached(seq: number): void;
}

/** Keeps texts for the life of the process. */
export interface Scratch {
  /** How many chars of text to keep in memory, outside the scratch. */
  readonly charsAtHand: number;
  /** Never rejects: if there is no room for the text, it can't be read later. */
  keep(text: string): Promise<Kept>;
}

export interface Kept {
  /** Null when it can't be read. */
  read(): Promise<string | null>;
  /** Frees the text. */
  release(): void;
}

export interface Removal {
  readonly gone: readonly string[];
  readonly failure: Error | null;
}

/** Keeps mails in memory, for the life of the process. */
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

  async headers(ids: readonly string[]): Promise<readonly (readonly Header[])[]> {
    return ids.map((id) => decodedHeaders(this.#octets.get(id) ?? Buffer.alloc(0)));
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

  keepSearches(): void {}

  async saved(): Promise<void> {}

  reached(): void {}
}

export function octetsOf(mails: readonly { readonly incoming: Incoming }[]): number {
  return mails.reduce((sum, { incoming }) => sum + incoming.raw.length, 0);
}
