import type { LazySummary } from '../../message/lazy-summary.ts';
import type { Body, Candidate } from '../../message/query/matches.ts';
import { searchableHead } from '../../message/query/searchable-head.ts';
import type { Received } from '../archive.ts';

/** A mail in the store: what was received, and what is known about it so far. */
export class Entry implements Candidate {
  readonly seq: number;
  readonly received: Received;
  summary: LazySummary;
  body: Body | null = null;
  #head: string | null | undefined;

  constructor(summary: LazySummary, received: Received) {
    this.seq = summary.seq;
    this.received = received;
    this.summary = summary;
  }

  /** Built on the first search. */
  get head(): string | null {
    if (this.#head === undefined) this.#head = searchableHead(this.summary);
    return this.#head;
  }
}

export function idsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ summary }) => summary.id);
}
