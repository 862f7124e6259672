import { setImmediate as nextTurn } from 'node:timers/promises';
import { recipientsOf, senderOf } from '../../message/delivery.ts';
import type { Summary } from '../../message/message.ts';
import type { Counts } from '../events.ts';
import type { Mailbox, Mailboxes } from '../store.ts';

interface Count {
  total: number;
  unread: number;
}

/** Mail counts per recipient and username, updated with each mail so that reading them is cheap. */
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

  /** Most changes of a mail do not affect the counts. */
  change(before: Summary, after: Summary): void {
    if (before.read === after.read && before.deletedFrom === after.deletedFrom) return;
    this.remove(before);
    this.add(after);
  }

  /** Counts mails removed by the limits; never reset. */
  addEvicted(mails: number): void {
    this.#evicted += mails;
  }

  clear(): void {
    this.#addresses.clear();
    this.#usernames.clear();
    this.#total = this.#unread = this.#bytes = 0;
  }

  /** Takes a while with hundreds of thousands of mailboxes; mail may come and go meanwhile. */
  async mailboxes(): Promise<Mailboxes> {
    const addresses = await inSlices(listed(this.#addresses));
    return { addresses, usernames: await inSlices(listed(this.#usernames)) };
  }

  #count(summary: Summary, one: 1 | -1): void {
    const { size, read } = summary;
    const username = senderOf(summary);
    const unread = read ? 0 : one;
    this.#total += one;
    this.#unread += unread;
    this.#bytes += one * size;
    // A duplicate recipient counts once.
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

/** How long this may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 4;

async function inSlices<T>(work: Iterator<void, T, undefined>): Promise<T> {
  for (let until = performance.now() + SLICE_MS; ; ) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + SLICE_MS;
  }
}

/** How many mailboxes are sorted or merged between two checks of the clock. */
const RUN = 1024;

/** Sorted by name. A mailbox that is removed and added again meanwhile is seen twice; the later count is used. */
function* listed(counts: Map<string, Count>): Generator<void, readonly Mailbox[], undefined> {
  let runs: Mailbox[][] = [];
  let run: Mailbox[] = [];
  for (const [name, { total, unread }] of counts) {
    run.push({ name, total, unread });
    if (run.length < RUN) continue;
    runs.push(run.sort(byName));
    run = [];
    yield;
  }
  runs.push(run.sort(byName));
  while (runs.length > 1) {
    const merged: Mailbox[][] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* merge(runs[i] ?? [], runs[i + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

function byName(a: Mailbox, b: Mailbox): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** @param later the mailboxes that were seen later */
function* merge(earlier: readonly Mailbox[], later: readonly Mailbox[]): Generator<void, Mailbox[], undefined> {
  const merged: Mailbox[] = [];
  for (let i = 0, j = 0; i < earlier.length || j < later.length; ) {
    const [a, b] = [earlier[i], later[j]];
    const order = a === undefined ? 1 : b === undefined ? -1 : byName(a, b);
    const next = order < 0 ? a : b;
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
    if (next !== undefined) merged.push(next);
    if (merged.length % RUN === 0) yield;
  }
  return merged;
}
