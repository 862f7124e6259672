import { MailstopError } from '../errors.ts';
import type { LazySummary } from '../message/lazy-summary.ts';
import type { Header } from '../message/message.ts';
import type { Received } from './archive.ts';
import { Entry } from './entry.ts';
import type { Change } from './events.ts';
import { Sequence } from './sequence.ts';
import type { Limits } from './store.ts';
import { Tally } from './tally.ts';

/** @throws {MailstopError} `store-full` when a mail of so many octets could not be kept though all others went */
export function assertFits(octets: number, { bytes }: Limits): void {
  if (octets <= bytes) return;
  throw new MailstopError(
    'store-full',
    `a mail of ${octets} octets can't be kept: all mail together may have ${bytes}`,
  );
}

/** The mails in their order, by id, and counted: the three are changed together, here. */
export class Shelf {
  readonly entries = new Sequence<Entry>();
  readonly tally = new Tally();
  readonly #byId = new Map<string, Entry>();
  readonly #headers: (id: string) => readonly Header[];

  /** @param headers reads the header fields of a mail */
  constructor(headers: (id: string) => readonly Header[]) {
    this.#headers = headers;
  }

  get(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Those of the ids that are here, each once. */
  of(ids: readonly string[]): Entry[] {
    return [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []);
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** Its seq must be higher than any other. */
  insert(summary: LazySummary, received: Received): void {
    const entry = new Entry(summary, received, this.#headers);
    this.entries.append(entry);
    this.#byId.set(summary.id, entry);
    this.tally.add(summary);
  }

  change(entry: Entry, change: Change): void {
    this.tally.remove(entry.summary);
    entry.summary = entry.summary.with(change);
    this.tally.add(entry.summary);
  }

  remove(entries: readonly Entry[]): void {
    const [only] = entries;
    if (entries.length === 1 && only) this.entries.remove(only);
    else if (entries.length > 1) this.entries.removeAll(new Set(entries));
    this.#forget(entries);
  }

  /** Takes out the oldest so many, which costs the same however many there are. */
  dropOldest(count: number): void {
    const oldest: Entry[] = [];
    for (; oldest.length < count && this.entries.oldest; this.entries.dropOldest()) oldest.push(this.entries.oldest);
    this.#forget(oldest);
  }

  clear(): void {
    this.entries.clear();
    this.#byId.clear();
    this.tally.clear();
  }

  /** The oldest mails, as many as must go until so many more with so many octets fit. */
  surplus(limits: Limits, messages: number, octets: number): readonly string[] {
    const { bytes } = this.tally;
    const total = this.entries.size;
    const surplus: string[] = [];
    let freed = 0;
    for (const { summary } of this.entries.oldestFirst()) {
      if (total - surplus.length + messages <= limits.messages && bytes - freed + octets <= limits.bytes) break;
      surplus.push(summary.id);
      freed += summary.size;
    }
    return surplus;
  }

  #forget(entries: readonly Entry[]): void {
    for (const { summary } of entries) {
      this.#byId.delete(summary.id);
      this.tally.remove(summary);
    }
  }
}
