import type { Counts, Frame, Summary } from '../../../client/index.ts';

export type Updated = Extract<Frame, { type: 'updated' }>;

/**
 * The state of the list. It has a row for every matching mail, but only some of them are loaded.
 *
 * Rows are kept by *slot*, counted from the oldest: the newest has the highest. A new mail takes the next slot, and
 * eviction frees the lowest one. Neither moves any other row, so a page that was requested earlier still fits. Only a
 * deletion moves rows; then they are in doubt until the rows in view have been loaded again.
 */
export interface Inbox {
  /** The query that the rows match; empty for everything. */
  readonly query: string;
  readonly link: 'connecting' | 'live' | 'offline';
  /** Null until the server has sent them. */
  readonly counts: Counts | null;
  /** How many rows there are. */
  readonly matched: number;
  /** The slot of the oldest row. */
  readonly floor: number;
  readonly rows: ReadonlyMap<number, Summary>;
  /** Slot by id, for the loaded rows. */
  readonly slots: ReadonlyMap<string, number>;
  /** Incremented by everything that may have moved rows. */
  readonly doubt: number;
  /** The value of `doubt` that the latest response has settled. */
  readonly settled: number;
  /** Incremented by every deletion: an earlier response still has the deleted mail. */
  readonly removals: number;
  /** The latest updates: a response that was requested before them may lack them. */
  readonly updates: readonly Updated[];
  /** Consecutive responses that were discarded because of a deletion in the meantime. */
  readonly overtaken: number;
  /** False while the rows belong to an earlier query, or to none. */
  readonly answered: boolean;
  /** Why the query failed. */
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
/** How many rows beyond the view to load in advance. */
const AHEAD = 20;

/** What to request next; null if everything in view is loaded and not in doubt. */
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
  // When scrolling up, the gap is above the loaded rows: fill it from below.
  const upwards = first < view.first && !missing(Math.min(view.last, inbox.matched - 1));
  if (upwards) {
    let last = first;
    while (last < end && missing(last + 1)) last++;
    first = Math.max(0, last - PAGE + 1);
  }
  return { offset: first, limit: PAGE };
}
