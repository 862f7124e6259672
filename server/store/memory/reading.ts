import type { Query } from '../../../wire/query/query.ts';
import type { Content } from '../../message/message.ts';
import type { Miss } from '../../message/query/explain.ts';
import type { Comparison } from '../../message/query/judging.ts';
import type { Archive } from '../archive.ts';
import type { EventLog } from '../event-log.ts';
import type { ContentSource } from '../parse/contents.ts';
import type { Listing, Page, Store, StoredMessage } from '../store.ts';
import type { Bodies } from './bodies.ts';
import { type Entry, idsOf } from './entry.ts';
import { pageOfAll, type Searches } from './search.ts';
import type { Shelf } from './shelf.ts';

interface ReadingOptions {
  readonly shelf: Shelf;
  readonly bodies: Bodies;
  readonly searches: Searches;
  readonly archive: Archive;
  readonly contents: ContentSource;
  readonly log: Pick<EventLog, 'seq'>;
}

/** What only looks at the store. */
export class Reading {
  readonly #options: ReadingOptions;
  /** Mails that are being prepared. */
  readonly #claimed = new Set<string>();

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  #entry(id: string): Entry | undefined {
    return this.#options.shelf.get(id);
  }

  async get(id: string): Promise<StoredMessage | null> {
    const entry = this.#entry(id);
    return entry ? storedOf(entry) : null;
  }

  async getMany(ids: readonly string[]): Promise<readonly StoredMessage[]> {
    return this.#options.shelf.of(ids).map(storedOf);
  }

  async raw(id: string): Promise<Buffer | null> {
    return this.#entry(id) ? this.#options.archive.raw(id) : null;
  }

  async content(id: string): Promise<Content | null> {
    const entry = this.#entry(id);
    return entry ? (await this.#options.bodies.read(entry, 'reader')).content : null;
  }

  async prepare(id: string, keep: boolean): Promise<boolean> {
    const entry = this.#entry(id);
    if (!entry || entry.body !== null) return true;
    if (this.#claimed.has(id)) return false;
    const { bodies } = this.#options;
    this.#claimed.add(id);
    try {
      return keep ? (await bodies.read(entry, 'nobody')).isRead : await bodies.digest(entry);
    } finally {
      this.#claimed.delete(id);
    }
  }

  async judge(id: string, queries: readonly Query[], signal?: AbortSignal): Promise<readonly boolean[] | null> {
    const entry = this.#entry(id);
    return entry ? this.#options.bodies.judge(entry, queries, { urgency: 'reader', signal }) : null;
  }

  async compare(id: string, comparison: Comparison, signal?: AbortSignal): Promise<readonly Miss[] | null> {
    const entry = this.#entry(id);
    return entry ? this.#options.bodies.compare(entry, comparison, { urgency: 'reader', signal }) : null;
  }

  async attachment(id: string, index: number): Promise<Buffer | null> {
    const raw = await this.raw(id);
    return raw ? this.#options.contents.attachment(id, index, raw) : null;
  }

  async ids(query: Query, signal?: AbortSignal): Promise<readonly string[]> {
    const { shelf, searches } = this.#options;
    if (query.match === 'everything') return idsOf(shelf.entries.newestFirst());
    return idsOf((await searches.search(query, { signal })).found);
  }

  async list(query: Query, page: Page, signal?: AbortSignal): Promise<Listing> {
    const { shelf, searches, log } = this.#options;
    // Taken before the search: mail that arrives during it may be missing from the result.
    const { seq } = log;
    const listed =
      query.match === 'everything' ? pageOfAll(shelf.entries, page) : await searches.page(query, page, signal);
    return { ...listed, counts: shelf.tally.counts, seq };
  }

  mailboxes(): ReturnType<Store['mailboxes']> {
    return this.#options.shelf.tally.mailboxes();
  }
}

function storedOf({ summary, received }: Entry): StoredMessage {
  return { summary, ...received };
}
