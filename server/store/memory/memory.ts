import type { Query } from '../../../wire/query/query.ts';
import { isEverything } from '../../message/delivery.ts';
import type { Incoming, Summary } from '../../message/message.ts';
import { summarize } from '../../message/summary.ts';
import { type Archive, type Earlier, type Filed, MemoryArchive, octetsOf } from '../archive.ts';
import { EventLog } from '../event-log.ts';
import type { Change, DiskSpace, RemovalReason, Unnumbered } from '../events.ts';
import type { Stats, Store } from '../store.ts';
import { Groups, Turns } from '../turns.ts';
import type { Upkeep } from '../upkeep.ts';
import { Bodies } from './bodies.ts';
import { bunches, differs, inBunches } from './change.ts';
import { type Entry, idsOf } from './entry.ts';
import type { MemoryStoreOptions } from './options.ts';
import { Reading } from './reading.ts';
import { SavedSearches } from './saved-searches.ts';
import { Searches } from './search.ts';
import { Sessions } from './sessions.ts';
import { assertFits, fullOfPinned, Shelf } from './shelf.ts';

/** Most mails that are committed together. */
const LARGEST_GROUP = 256;

/**
 * Lists and searches all mail in this process's memory; the octets are in an archive. Changes are serialized, and each
 * does its work in one turn of the event loop, so nothing interleaves.
 */
export class MemoryStore implements Store, Upkeep {
  readonly #options: MemoryStoreOptions;
  readonly #archive: Archive;
  readonly #log: EventLog;
  readonly #shelf = new Shelf();
  readonly #bodies: Bodies;
  readonly #turns = new Turns();
  readonly #reading: Reading;
  readonly #savedSearches: SavedSearches;
  readonly #sessions = new Sessions();
  readonly get: Store['get'] = (id) => this.#reading.get(id);
  readonly getMany: Store['getMany'] = (ids) => this.#reading.getMany(ids);
  readonly raw: Store['raw'] = (id) => this.#reading.raw(id);
  readonly content: Store['content'] = (id) => this.#reading.content(id);
  readonly judge: Store['judge'] = (...asked) => this.#reading.judge(...asked);
  readonly compare: Store['compare'] = (...asked) => this.#reading.compare(...asked);
  readonly regexFaults: Store['regexFaults'] = (regexes) => this.#bodies.regexFaults(regexes);
  readonly attachment: Store['attachment'] = (id, index) => this.#reading.attachment(id, index);
  readonly list: Store['list'] = (...asked) => this.#reading.list(...asked);
  readonly prepare: Upkeep['prepare'] = (id, keep) => this.#reading.prepare(id, keep);
  readonly ids: Store['ids'] = (query, signal) => this.#reading.ids(query, signal);
  readonly mailboxes: Store['mailboxes'] = () => this.#reading.mailboxes();
  readonly searches: Store['searches'] = async () => this.#savedSearches.all;
  readonly saveSearch: Store['saveSearch'] = (search) => this.#savedSearches.save(search);
  readonly removeSearch: Store['removeSearch'] = (name) => this.#savedSearches.remove(name);
  readonly addRefusal: Store['addRefusal'] = async (refused) => this.#sessions.addRefusal(refused);
  readonly refusals: Store['refusals'] = async (since) => this.#sessions.refusalsSince(since);
  readonly saveSession: Store['saveSession'] = async (session) => this.#sessions.save(session);
  readonly sessions: Store['sessions'] = async (filter, limit) => this.#sessions.list(filter, limit);
  readonly session: Store['session'] = async (id) => this.#sessions.get(id);
  readonly saved: Store['saved'] = () => this.#archive.saved();
  readonly changes: Store['changes'] = (after, signal) => this.#log.changes(after, signal);
  readonly #arriving: Groups<Omit<Filed, 'seq'>, Summary>;
  /** Resolves when the archive has removed the evicted mails. Never rejects. */
  #evicting: Promise<void> = Promise.resolve();

  constructor(options: MemoryStoreOptions) {
    const { limits, archive = new MemoryArchive() } = options;
    this.#options = options;
    this.#archive = archive;
    const complete = async (id: string, found: Change) => void (await this.update([id], found));
    this.#bodies = new Bodies({ ...options, archive, complete, exists: (entry) => this.#shelf.has(entry) });
    this.#log = new EventLog({ epoch: options.epoch, counts: () => this.#shelf.tally.counts });
    const searches = new Searches({
      shelf: this.#shelf,
      bodies: this.#bodies,
      headers: (ids) => archive.headers(ids),
      now: options.now,
    });
    const parts = { shelf: this.#shelf, bodies: this.#bodies, searches, log: this.#log };
    this.#reading = new Reading({ ...parts, archive, contents: options.contents });
    this.#savedSearches = new SavedSearches({
      turns: this.#turns,
      archive,
      publish: (change) => this.#publish(change),
    });
    this.#arriving = new Groups(
      this.#turns,
      (mails) => this.#commit(mails),
      // A group must not evict its own mails.
      (mails, next) =>
        mails.length < LARGEST_GROUP && this.#shelf.hasRoom(limits, mails.length + 1, octetsOf([...mails, next])),
    );
  }

  /** Inserts what the archive had at the start, then applies the limits. Call it before anything else. */
  adopt({ mails, seq, searches }: Earlier): Promise<void> {
    this.#log.continueAfter(seq);
    this.#savedSearches.all = searches;
    return this.#turns.take(async () => {
      await inBunches(mails, (bunch) => bunch.map(({ summary, received }) => this.#shelf.insert(summary, received)));
      await this.#evict(this.#shelf.surplus(this.#options.limits, 0, 0));
    });
  }

  async add(incoming: Incoming): Promise<Summary> {
    const { limits, newId } = this.#options;
    assertFits(incoming.raw.length, limits);
    const id = newId();
    await this.#archive.write(id, incoming);
    return this.#arriving.add({ id, incoming });
  }

  /** Numbers the mails, commits them to the archive, and only then shows them. Evicts the oldest if room is needed. */
  async #commit(mails: readonly Omit<Filed, 'seq'>[]): Promise<readonly Summary[]> {
    const { limits } = this.#options;
    if (!this.#shelf.hasRoom(limits, mails.length, octetsOf(mails))) {
      await this.#archive.discard(mails.map(({ id }) => id));
      throw fullOfPinned(this.#shelf.pinned, limits);
    }
    const surplus = this.#shelf.surplus(limits, mails.length, octetsOf(mails));
    // The evictions are published first, and use up numbers too.
    const first = this.#log.seq + bunches(surplus).length + 1;
    const filed = mails.map(({ id, incoming }, index) => ({ id, incoming, seq: first + index }));
    try {
      await this.#archive.commit(filed);
    } catch (error) {
      // Numbers that may be in the archive must not be reused, so publish an empty change for each.
      while (this.#log.seq < first + mails.length - 1) this.#publish({ type: 'updated', ids: [], change: {} });
      throw error;
    }
    // Senders don't wait for an eviction, but the next one waits until the archive has finished this one.
    await this.#evicting;
    await this.#evict(surplus);
    return inBunches(filed, (bunch) => bunch.map((mail) => this.#insert(mail)));
  }

  #insert({ id, seq, incoming }: Filed): Summary {
    const { envelope, peer, warnings } = incoming;
    const summary = summarize(incoming, { id, seq });
    this.#shelf.insert(summary, { envelope, peer, warnings });
    this.#publish({ type: 'added', message: summary });
    return summary;
  }

  async stats(): Promise<Stats> {
    const { epoch, seq } = this.#log;
    return { epoch, seq, counts: this.#shelf.tally.counts, limits: this.#options.limits };
  }

  update(ids: readonly string[], change: Change): Promise<readonly string[]> {
    return this.#turns.take(async () => {
      const entries = this.#shelf.of(ids);
      const changed = entries.filter(({ summary }) => differs(summary, change));
      await inBunches(changed, (bunch) => this.#change(bunch, change));
      return idsOf(entries);
    });
  }

  #change(entries: readonly Entry[], change: Change): readonly string[] {
    const ids = idsOf(entries);
    if (ids.length === 0) return ids;
    for (const entry of entries) {
      this.#shelf.change(entry, change);
      this.#archive.mark(entry.summary.id, entry.summary);
    }
    this.#publish({ type: 'updated', ids, change });
    return ids;
  }

  /** A mail that can't be removed from the archive stays. @throws the reason */
  async remove(ids: readonly string[]): Promise<readonly string[]> {
    const { gone, failure } = await this.#archive.remove(idsOf(this.#shelf.of(ids)));
    const removed = await this.#turns.take(() =>
      inBunches(this.#shelf.of(gone), (bunch) => this.#takeOut(bunch, 'deleted')),
    );
    if (failure) throw failure;
    return removed;
  }

  async updateWhere(query: Query, change: Change, signal?: AbortSignal): Promise<number> {
    return (await this.update(await this.ids(query, signal), change)).length;
  }

  async removeWhere(query: Query, signal?: AbortSignal): Promise<number> {
    return query.match === 'everything' ? this.clear() : (await this.remove(await this.ids(query, signal))).length;
  }

  async removeDeliveries(mailbox: string, ids: readonly string[]): Promise<readonly string[]> {
    if (isEverything(mailbox)) return this.remove(ids);
    const remove = (bunch: readonly Entry[]) => {
      const found = this.#shelf.inMailbox(mailbox, bunch);
      this.#change(found.shared, { deletedBy: mailbox });
      return [found];
    };
    const found = await this.#turns.take(() => inBunches(this.#shelf.of(ids), remove));
    const kept = idsOf(found.flatMap(({ shared }) => shared));
    const removed = await this.remove(idsOf(found.flatMap(({ last }) => last)));
    if (kept.length > 0) await this.saved();
    return [...kept, ...removed];
  }

  clear(): Promise<number> {
    return this.#turns.take(async () => {
      const { size } = this.#shelf.entries;
      if (size === 0) return 0;
      await this.#archive.clear();
      for (const holder of [this.#bodies, this.#archive]) holder.forget(this.#shelf.ids());
      this.#shelf.clear();
      this.#publish({ type: 'cleared' });
      return size;
    });
  }

  expire(before: Date): Promise<Date | null> {
    return this.#turns.take(async () => {
      await this.#evict(this.#shelf.olderThan(before), 'expired');
      await this.#evicting;
      return this.#shelf.oldest;
    });
  }

  /** Removes these oldest mails at once; the archive removes them in the background. */
  async #evict(entries: readonly Entry[], reason: RemovalReason = 'evicted'): Promise<void> {
    if (entries.length === 0) return;
    const ids = await inBunches(entries, (bunch) => {
      this.#shelf.tally.addEvicted(bunch.length);
      return this.#takeOut(bunch, reason);
    });
    this.#evicting = this.#archive.remove(ids).then(({ failure }) => {
      if (failure) this.#options.report(failure);
    });
  }

  #takeOut(entries: readonly Entry[], reason: RemovalReason): readonly string[] {
    const ids = idsOf(entries);
    this.#shelf.remove(entries);
    for (const holder of [this.#bodies, this.#archive]) holder.forget(ids);
    this.#publish({ type: 'removed', ids, reason });
    return ids;
  }

  announceDisk(disk: DiskSpace): Promise<void> {
    return this.#turns.take(() => this.#publish({ type: 'disk', disk }));
  }

  #publish(change: Unnumbered): void {
    this.#log.publish(change);
    this.#archive.reached(this.#log.seq);
  }
}
