import type { Counts, Frame, Summary } from '../../../client/index.ts';

export type Updated = Extract<Frame, { type: 'updated' }>;

/**
 * What the list knows. It has a row for every matching mail, but only some of them are loaded.
 *
 * Rows are kept by *slot*, counted from the oldest: the newest has the highest. A mail that comes in takes the
 * next slot and one that the limits push out gives up the lowest, so neither moves any other row, and a page that
 * was asked for before and arrives after still falls into place. Only a deletion moves rows; then the rows are in
 * doubt until the ones in view have been asked for again.
 */
export interface Inbox {
  /** What the rows answer; empty for everything. */
  readonly query: string;
  readonly link: 'connecting' | 'live' | 'offline';
  /** Null until the server has told them. */
  readonly counts: Counts | null;
  /** How many rows there are. */
  readonly matched: number;
  /** The slot of the oldest row. */
  readonly floor: number;
  readonly rows: ReadonlyMap<number, Summary>;
  /** Slot by id, for the loaded rows. */
  readonly slots: ReadonlyMap<string, number>;
  /** Grows with everything that may have put rows out of place. */
  readonly doubt: number;
  /** The doubt that the latest answer has settled. */
  readonly settled: number;
  /** Grows with every deletion: an answer from before it shows mail that is gone. */
  readonly removals: number;
  /** The latest updates: an answer that was asked for before them may not have them. */
  readonly updates: readonly Updated[];
  /** Answers in a row that were not used because a deletion overtook them. */
  readonly overtaken: number;
  /** False while the rows still answer an earlier query, or none. */
  readonly answered: boolean;
  /** Why the query has no answer. */
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

export const unknown: Inbox = {
  query: '',
  link: 'connecting',
  counts: null,
  matched: 0,
  floor: 0,
  rows: new Map(),
  slots: new Map(),
  doubt: 0,
  settled: 0,
  removals: 0,
  updates: [],
  overtaken: 0,
  answered: false,
  failure: null,
};

/** Position in the list, 0 for the newest. */
export function indexOfSlot({ floor, matched }: Inbox, slot: number): number {
  return floor + matched - 1 - slot;
}

export function slotOfIndex({ floor, matched }: Inbox, index: number): number {
  return floor + matched - 1 - index;
}

export function rowOf({ rows, slots }: Inbox, id: string): Summary | undefined {
  const slot = slots.get(id);
  return slot === undefined ? undefined : rows.get(slot);
}

/** First and last position in view, both included. */
export interface View {
  readonly first: number;
  readonly last: number;
}

export interface Wanted {
  readonly offset: number;
  readonly limit: number;
}

const PAGE = 100;
/** Rows beyond the view that should be there before they are scrolled to. */
const AHEAD = 20;

/** What to ask the server for next; null when all that is in view is there and beyond doubt. */
export function wanted(inbox: Inbox, view: View): Wanted | null {
  if (inbox.failure !== null) return null;
  if (!inbox.answered) return { offset: 0, limit: PAGE };
  const inView = view.last - view.first + 1;
  const around = Math.max(0, view.first - Math.max(0, Math.floor((PAGE - inView) / 2)));
  if (inbox.doubt > inbox.settled) return { offset: around, limit: PAGE };

  const missing = (index: number) => !inbox.rows.has(slotOfIndex(inbox, index));
  const end = Math.min(view.last + AHEAD, inbox.matched - 1);
  let first = Math.max(0, view.first - AHEAD);
  while (first <= end && !missing(first)) first++;
  if (first > end) return null;
  // Scrolling up, the gap lies above what is loaded: fill it towards the top.
  const upwards = first < view.first && !missing(Math.min(view.last, inbox.matched - 1));
  if (upwards) {
    let last = first;
    while (last < end && missing(last + 1)) last++;
    first = Math.max(0, last - PAGE + 1);
  }
  return { offset: first, limit: PAGE };
}
