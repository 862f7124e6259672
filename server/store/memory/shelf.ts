import { MailstopError } from '../../../wire/errors.ts';
import { deletionBy } from '../../message/delivery.ts';
import type { LazySummary } from '../../message/lazy-summary.ts';
import type { Received } from '../archive.ts';
import type { Change } from '../events.ts';
import type { Limits } from '../store.ts';
import { Entry } from './entry.ts';
import { Sequence } from './sequence.ts';
import { Tally } from './tally.ts';

/** @throws {MailstopError} `store-full` when a mail of this size would not fit even in an empty store */
export function assertFits(octets: number, { bytes }: Limits): void {
  if (octets <= bytes) return;
  throw new MailstopError('store-full', `a mail of ${octets} octets does not fit: the limit for all mail is ${bytes}`);
}

/** @returns the error for a mail that doesn't fit because pinned mails can't be evicted */
export function fullOfPinned(pinned: Room, { messages, bytes }: Limits): MailstopError {
  return new MailstopError(
    'store-full',
    `there is no room: ${pinned.messages} of ${messages} mails, with ${pinned.bytes} of ${bytes} octets, are pinned; unpin or delete some`,
  );
}

interface Room {
  readonly messages: number;
  readonly bytes: number;
}

/** The mails in order, by id, and counted; this class keeps the three in sync. */
export class Shelf {
  readonly entries = new Sequence<Entry>();
  readonly tally = new Tally();
  /** Mails that the limits may remove: all but the pinned ones. */
  readonly #loose = new Sequence<Entry>();
  #looseBytes = 0;
  /** False once the clock was set back: a mail may then have been received before the one in front of it. */
  #isInOrder = true;
  readonly #byId = new Map<string, Entry>();

  get(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  has(entry: Entry): boolean {
    return this.#byId.get(entry.summary.id) === entry;
  }

  /** The entries that exist for these ids, each once. */
  of(ids: readonly string[]): Entry[] {
    return [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** The entries in a mailbox; `last`: no recipient would have them left if this mailbox deleted them. */
  inMailbox(mailbox: string, entries: readonly Entry[]): { readonly shared: Entry[]; readonly last: Entry[] } {
    const shared: Entry[] = [];
    const last: Entry[] = [];
    for (const entry of entries) {
      const deletion = deletionBy(mailbox, entry.summary);
      if (deletion) (deletion.wasLast ? last : shared).push(entry);
    }
    return { shared, last };
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** The seq must be higher than all others. */
  insert(summary: LazySummary, received: Received): void {
    const entry = new Entry(summary, received);
    const { newest } = this.entries;
    if (newest && summary.receivedAt < newest.summary.receivedAt) this.#isInOrder = false;
    this.entries.append(entry);
    this.#byId.set(summary.id, entry);
    this.tally.add(summary);
    if (!summary.pinned) this.#loosen(entry);
  }

  change(entry: Entry, { deletedBy, ...change }: Change): void {
    const before = entry.summary;
    const deletion = deletedBy === undefined ? null : deletionBy(deletedBy, before);
    entry.summary = before.with(deletion ? { ...change, deletedFrom: deletion.deletedFrom } : change);
    this.tally.change(before, entry.summary);
    if (before.pinned && !entry.summary.pinned) this.#loosen(entry);
    if (!before.pinned && entry.summary.pinned) this.#hold([entry]);
  }

  remove(entries: readonly Entry[]): void {
    takeOut(this.entries, entries);
    this.#hold(entries.filter(({ summary }) => !summary.pinned));
    for (const { summary } of entries) {
      this.#byId.delete(summary.id);
      this.tally.remove(summary);
    }
  }

  clear(): void {
    this.entries.clear();
    this.#loose.clear();
    this.#looseBytes = 0;
    this.#isInOrder = true;
    this.#byId.clear();
    this.tally.clear();
  }

  /** The room that pinned mails take up. */
  get pinned(): Room {
    return { messages: this.entries.size - this.#loose.size, bytes: this.tally.bytes - this.#looseBytes };
  }

  /** Whether this many more mails and octets fit, if necessary by evicting everything that is not pinned. */
  hasRoom(limits: Limits, messages: number, octets: number): boolean {
    const { pinned } = this;
    return pinned.messages + messages <= limits.messages && pinned.bytes + octets <= limits.bytes;
  }

  /** The oldest unpinned mails to evict so that this many more mails and octets fit. */
  surplus(limits: Limits, messages: number, octets: number): readonly Entry[] {
    const { bytes } = this.tally;
    const total = this.entries.size;
    const surplus: Entry[] = [];
    let freed = 0;
    for (const entry of this.#loose.oldestFirst()) {
      if (total - surplus.length + messages <= limits.messages && bytes - freed + octets <= limits.bytes) break;
      surplus.push(entry);
      freed += entry.summary.size;
    }
    return surplus;
  }

  /** The unpinned mails received at that time or earlier. */
  olderThan(time: Date): readonly Entry[] {
    const old: Entry[] = [];
    for (const entry of this.#loose.oldestFirst()) {
      if (entry.summary.receivedAt <= time) old.push(entry);
      else if (this.#isInOrder) break;
    }
    return old;
  }

  /** When the oldest unpinned mail was received; null when there is none. */
  get oldest(): Date | null {
    let oldest = this.#loose.oldest?.summary.receivedAt ?? null;
    if (oldest === null || this.#isInOrder) return oldest;
    for (const { summary } of this.#loose.oldestFirst()) if (summary.receivedAt < oldest) oldest = summary.receivedAt;
    return oldest;
  }

  /** Lets the limits remove the mail. */
  #loosen(entry: Entry): void {
    this.#loose.insert(entry);
    this.#looseBytes += entry.summary.size;
  }

  /** Keeps the limits from removing these mails. */
  #hold(entries: readonly Entry[]): void {
    takeOut(this.#loose, entries);
    for (const { summary } of entries) this.#looseBytes -= summary.size;
  }
}

/** Removes entries; cheapest for the oldest and for a single one. */
function takeOut(sequence: Sequence<Entry>, entries: readonly Entry[]): void {
  const [only] = entries;
  if (entries.length === 1 && only) return sequence.remove(only);
  for (const entry of entries) {
    if (entry !== sequence.oldest) return sequence.removeAll(new Set(entries));
    sequence.dropOldest();
  }
}
