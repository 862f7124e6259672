import type { LazySummary } from '../message/lazy-summary.ts';
import { type Body, type Candidate, searchableHead } from '../message/matches.ts';
import type { Header, Incoming } from '../message/message.ts';
import { decodedHeaders } from '../message/summary.ts';

/** A mail in the store: what was received, and what has been found out about it so far. */
export class Entry implements Candidate {
  readonly seq: number;
  readonly incoming: Incoming;
  summary: LazySummary;
  body: Body | null = null;
  #head: string | null = null;

  constructor(incoming: Incoming, summary: LazySummary) {
    this.seq = summary.seq;
    this.incoming = incoming;
    this.summary = summary;
  }

  /** Made at the first search. */
  get head(): string {
    this.#head ??= searchableHead(this.summary);
    return this.#head;
  }

  headers(): readonly Header[] {
    return decodedHeaders(this.incoming.raw);
  }
}
