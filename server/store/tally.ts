import { recipientsOf, senderOf } from '../message/delivery.ts';
import type { Summary } from '../message/message.ts';
import type { Counts } from './events.ts';
import type { Mailbox, Mailboxes } from './store.ts';

interface Count {
  total: number;
  unread: number;
}

/** How much mail each recipient and each username has, kept up to date mail by mail so that asking costs nothing. */
export class Tally {
  readonly #addresses = new Map<string, Count>();
  readonly #usernames = new Map<string, Count>();
  #total = 0;
  #unread = 0;
  #bytes = 0;
  #evicted = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get counts(): Counts {
    return { total: this.#total, unread: this.#unread, bytes: this.#bytes, evicted: this.#evicted };
  }

  add(summary: Summary): void {
    this.#count(summary, 1);
  }

  remove(summary: Summary): void {
    this.#count(summary, -1);
  }

  /** Those that the limits have taken, ever. */
  addEvicted(mails: number): void {
    this.#evicted += mails;
  }

  clear(): void {
    this.#addresses.clear();
    this.#usernames.clear();
    this.#total = this.#unread = this.#bytes = 0;
  }

  mailboxes(): Mailboxes {
    return { addresses: listed(this.#addresses), usernames: listed(this.#usernames) };
  }

  #count(summary: Summary, one: 1 | -1): void {
    const { size, read } = summary;
    const username = senderOf(summary);
    const unread = read ? 0 : one;
    this.#total += one;
    this.#unread += unread;
    this.#bytes += one * size;
    // An address that was given twice got the mail once.
    for (const address of recipientsOf(summary)) count(this.#addresses, address, one, unread);
    if (username !== null) count(this.#usernames, username, one, unread);
  }
}

function count(counts: Map<string, Count>, name: string, total: number, unread: number): void {
  const entry = counts.get(name) ?? { total: 0, unread: 0 };
  entry.total += total;
  entry.unread += unread;
  if (entry.total === 0) counts.delete(name);
  else counts.set(name, entry);
}

function listed(counts: Map<string, Count>): readonly Mailbox[] {
  return [...counts].map(([name, count]) => ({ name, ...count })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
