import { MailstopError } from '../errors.ts';
import { bodyOf } from '../message/matches.ts';
import type { Content, Incoming, Summary } from '../message/message.ts';
import type { Query } from '../message/query.ts';
import { summarize } from '../message/summary.ts';
import { Entry } from './entry.ts';
import { type Change, type Counts, EventChannel, type Listener, MAX_IDS_PER_EVENT, type StoreEvent } from './events.ts';
import { search } from './search.ts';
import { Sequence } from './sequence.ts';
import type { Limits, Listing, Mailboxes, Page, Stats, Store, StoredMessage } from './store.ts';
import { Tally } from './tally.ts';

/** Where parsed bodies come from; they are kept there, the store only keeps what searching needs. */
export interface ContentSource {
  content(id: string, raw: Buffer): Promise<Content>;
  attachment(id: string, index: number, raw: Buffer): Promise<Buffer | null>;
  forget(ids: readonly string[]): void;
}

export interface MemoryStoreOptions {
  readonly limits: Limits;
  readonly contents: ContentSource;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Called with what a subscriber threw. */
  readonly report: (error: unknown) => void;
}

/** All mail in this process's memory. Every method does its work in one turn of the event loop, so nothing interleaves. */
export class MemoryStore implements Store {
  readonly #options: MemoryStoreOptions;
  readonly #events: EventChannel;
  readonly #entries = new Sequence<Entry>();
  readonly #byId = new Map<string, Entry>();
  readonly #tally = new Tally();
  #seq = 0;
  #evicted = 0;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.#events = new EventChannel(options.report);
  }

  async add(incoming: Incoming): Promise<Summary> {
    const { limits, newId } = this.#options;
    const size = incoming.raw.length;
    if (size > limits.bytes) {
      throw new MailstopError(
        'store-full',
        `a mail of ${size} octets can't be kept: all mail together may have ${limits.bytes}`,
      );
    }
    const evicted = this.#makeRoom(size);
    if (evicted.length > 0) this.#announceRemoved(evicted, 'evicted');

    const seq = this.#seq + 1;
    const summary = summarize(incoming, { id: newId(), seq });
    const entry = new Entry(incoming, summary);
    this.#entries.append(entry);
    this.#byId.set(summary.id, entry);
    this.#tally.add(summary);
    this.#publish({ type: 'added', seq, message: summary, counts: this.#counts() });
    return summary;
  }

  async get(id: string): Promise<StoredMessage | null> {
    const entry = this.#byId.get(id);
    if (!entry) return null;
    const { envelope, peer, warnings } = entry.incoming;
    return { summary: entry.summary, envelope, peer, warnings };
  }

  async raw(id: string): Promise<Buffer | null> {
    return this.#byId.get(id)?.incoming.raw ?? null;
  }

  async content(id: string): Promise<Content | null> {
    const entry = this.#byId.get(id);
    return entry ? this.#parse(entry) : null;
  }

  async attachment(id: string, index: number): Promise<Buffer | null> {
    const entry = this.#byId.get(id);
    return entry ? this.#options.contents.attachment(id, index, entry.incoming.raw) : null;
  }

  async list(query: Query, page: Page, signal?: AbortSignal): Promise<Listing> {
    if (query.match === 'everything') {
      const messages = this.#entries.page(page).map(({ summary }) => summary);
      return { messages, matched: this.#entries.size, counts: this.#counts(), seq: this.#seq };
    }
    const { limit, offset = 0, before = Number.POSITIVE_INFINITY, after = -1 } = page;
    const found = await this.#search(query, signal);
    const messages = found
      .filter(({ seq }) => seq > after && seq < before)
      .slice(offset, offset + limit)
      .map(({ summary }) => summary);
    return { messages, matched: found.length, counts: this.#counts(), seq: this.#seq };
  }

  async ids(query: Query): Promise<readonly string[]> {
    const found = query.match === 'everything' ? this.#entries.newestFirst() : await this.#search(query);
    return found.map(({ summary }) => summary.id);
  }

  async mailboxes(): Promise<Mailboxes> {
    return this.#tally.mailboxes();
  }

  async update(ids: readonly string[], change: Change): Promise<readonly string[]> {
    const entries = this.#entriesOf(ids);
    const changed = entries.filter(({ summary }) => differs(summary, change));
    for (const entry of changed) {
      this.#tally.remove(entry.summary);
      entry.summary = entry.summary.with(change);
      this.#tally.add(entry.summary);
    }
    for (const bunch of bunches(changed.map(({ summary }) => summary.id))) {
      this.#publish({ type: 'updated', seq: this.#seq + 1, ids: bunch, change, counts: this.#counts() });
    }
    return entries.map(({ summary }) => summary.id);
  }

  async remove(ids: readonly string[]): Promise<readonly string[]> {
    const entries = this.#entriesOf(ids);
    const [only] = entries;
    if (entries.length === 1 && only) this.#entries.remove(only);
    else this.#entries.removeAll(new Set(entries));
    for (const entry of entries) this.#drop(entry);
    const removed = entries.map(({ summary }) => summary.id);
    this.#announceRemoved(removed, 'deleted');
    return removed;
  }

  async clear(): Promise<number> {
    const { size } = this.#entries;
    if (size === 0) return 0;
    this.#options.contents.forget([...this.#byId.keys()]);
    this.#entries.clear();
    this.#byId.clear();
    this.#tally.clear();
    this.#publish({ type: 'cleared', seq: this.#seq + 1, counts: this.#counts() });
    return size;
  }

  subscribe(listener: Listener): () => void {
    return this.#events.subscribe(listener);
  }

  since(seq: number): readonly StoreEvent[] | null {
    return this.#events.since(seq, this.#seq);
  }

  async stats(): Promise<Stats> {
    return { seq: this.#seq, counts: this.#counts(), limits: this.#options.limits };
  }

  #entriesOf(ids: readonly string[]): Entry[] {
    return [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Takes out the oldest until a mail of `size` octets fits. @returns the ids that went */
  #makeRoom(size: number): readonly string[] {
    const { limits } = this.#options;
    const evicted: string[] = [];
    for (;;) {
      const { oldest } = this.#entries;
      const fits = this.#entries.size < limits.messages && this.#tally.bytes + size <= limits.bytes;
      if (fits || !oldest) break;
      this.#entries.dropOldest();
      this.#drop(oldest);
      evicted.push(oldest.summary.id);
    }
    this.#evicted += evicted.length;
    return evicted;
  }

  #drop({ summary }: Entry): void {
    this.#byId.delete(summary.id);
    this.#tally.remove(summary);
  }

  #announceRemoved(ids: readonly string[], reason: 'deleted' | 'evicted'): void {
    this.#options.contents.forget(ids);
    for (const bunch of bunches(ids)) {
      this.#publish({ type: 'removed', seq: this.#seq + 1, ids: bunch, reason, counts: this.#counts() });
    }
  }

  #search(query: Query, signal?: AbortSignal): Promise<readonly Entry[]> {
    return search(this.#entries.newestFirst(), query, {
      parse: (entry) => this.#parse(entry),
      exists: (entry) => this.#byId.has(entry.summary.id),
      now: this.#options.now().getTime(),
      signal,
    });
  }

  /** Parses a body, and keeps of it what the summary and the search want. */
  async #parse(entry: Entry): Promise<Content> {
    const content = await this.#options.contents.content(entry.summary.id, entry.incoming.raw);
    if (entry.body === null) {
      entry.body = bodyOf(content);
      await this.update([entry.summary.id], { attachments: content.attachments, preview: content.preview });
    }
    return content;
  }

  #counts(): Counts {
    return this.#tally.counts(this.#evicted);
  }

  #publish(event: StoreEvent): void {
    this.#seq = event.seq;
    this.#events.publish(event);
  }
}

function differs(summary: Summary, { read, tags, preview, attachments }: Change): boolean {
  return (
    (read !== undefined && read !== summary.read) ||
    (preview !== undefined && preview !== summary.preview) ||
    (attachments !== undefined && summary.attachments === null) ||
    (tags !== undefined && JSON.stringify(tags) !== JSON.stringify(summary.tags))
  );
}

function bunches(ids: readonly string[]): string[][] {
  const bunches: string[][] = [];
  for (let at = 0; at < ids.length; at += MAX_IDS_PER_EVENT) bunches.push(ids.slice(at, at + MAX_IDS_PER_EVENT));
  return bunches;
}
