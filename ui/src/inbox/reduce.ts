import type { Frame, Listing, Summary } from '../../../client/index.ts';
import { changedFlags } from '../../../wire/flags.ts';
import type { Inbox, Updated } from './inbox.ts';

export type Action =
  /** `around`: the slot in the middle of the view, which decides which rows to keep. */
  | { readonly type: 'frames'; readonly frames: readonly Frame[]; readonly around: number }
  | { readonly type: 'up' }
  | { readonly type: 'down' }
  | { readonly type: 'retry' }
  | { readonly type: 'search'; readonly query: string }
  /** `asked`: the inbox when the page was requested. */
  | { readonly type: 'loaded'; readonly asked: Inbox; readonly offset: number; readonly listing: Listing }
  | { readonly type: 'failed'; readonly query: string; readonly code: string; readonly detail: string };

/** With more loaded rows than this, only those near the view are kept. */
const KEEP = 2000;
/** After this many responses were discarded because of deletions, one is used as is and corrected later. */
const PATIENCE = 3;
const REMEMBERED_UPDATES = 200;

export function reduce(inbox: Inbox, action: Action): Inbox {
  switch (action.type) {
    case 'up':
      return { ...inbox, link: 'live', failure: inbox.failure?.code === 'no-answer' ? null : inbox.failure };
    case 'down':
      return { ...inbox, link: 'offline' };
    case 'retry':
      return { ...inbox, failure: null };
    case 'search':
      if (action.query === inbox.query) return inbox;
      return { ...inbox, query: action.query, answered: false, failure: null, overtaken: 0 };
    case 'failed':
      if (action.query !== inbox.query) return inbox;
      return { ...inbox, failure: { code: action.code, detail: action.detail } };
    case 'loaded':
      return action.asked.query === inbox.query ? loaded(inbox, action) : inbox;
    case 'frames': {
      const draft = new Draft(inbox);
      for (const frame of action.frames) draft.apply(frame);
      return draft.done(action.around);
    }
  }
}

function loaded(inbox: Inbox, { listing, offset, asked }: Extract<Action, { type: 'loaded' }>): Inbox {
  if (asked.removals !== inbox.removals && inbox.answered && inbox.overtaken < PATIENCE) {
    return { ...inbox, overtaken: inbox.overtaken + 1 };
  }
  // Evictions since the request have moved the pinned rows of the page.
  const moved = asked.floor !== inbox.floor && listing.messages.some(({ pinned }) => pinned) ? 1 : 0;
  const draft = new Draft(inbox);
  if (!inbox.answered || asked.doubt > inbox.settled) draft.forget();
  const everything = inbox.query === '';
  const top = everything ? listing.counts.total + listing.counts.evicted : listing.matched;
  listing.messages.forEach((message, i) => {
    draft.put(top - 1 - offset - i, message);
  });
  const known = new Set(asked.updates);
  for (const frame of inbox.updates) if (!known.has(frame)) draft.update(frame);
  // While the feed is up, the counts come only from it, so that a page and an event can't contradict each other.
  const followed = inbox.link === 'live' && inbox.counts !== null;
  const counts = followed && inbox.counts ? inbox.counts : listing.counts;
  return {
    ...draft.done(top - 1 - offset),
    counts,
    matched: everything ? counts.total : listing.matched,
    floor: everything ? counts.evicted : 0,
    settled: Math.max(asked.doubt, inbox.settled),
    doubt: inbox.doubt + moved,
    overtaken: 0,
    answered: true,
    failure: null,
  };
}

/** A mutable copy of an inbox: its maps are copied once for many frames. */
class Draft {
  #inbox: Inbox;
  #rows: Map<number, Summary>;
  #slots: Map<string, number>;

  constructor(inbox: Inbox) {
    this.#inbox = inbox;
    this.#rows = new Map(inbox.rows);
    this.#slots = new Map(inbox.slots);
  }

  /** @param around when there are too many rows, those far from this slot are dropped */
  done(around: number): Inbox {
    if (this.#rows.size > KEEP) {
      const near = [...this.#rows].sort(([a], [b]) => Math.abs(a - around) - Math.abs(b - around));
      for (const [slot, { id }] of near.slice(KEEP / 2)) {
        this.#rows.delete(slot);
        this.#slots.delete(id);
      }
    }
    return { ...this.#inbox, rows: this.#rows, slots: this.#slots };
  }

  apply(frame: Frame): void {
    const before = this.#inbox;
    // A resumed feed now sends the missed events with the counts of their time; the counts of its hello are newer.
    if (frame.type === 'hello' && frame.resumed && before.counts !== null) return;
    const everything = before.query === '';
    this.#inbox = { ...before, counts: frame.counts };
    if (everything && (before.answered || before.counts === null)) {
      this.#inbox = { ...this.#inbox, matched: frame.counts.total, floor: frame.counts.evicted };
    }
    switch (frame.type) {
      case 'hello':
        return before.counts === null ? undefined : this.#inDoubt({ removal: true });
      case 'added':
        if (!everything) return this.#inDoubt();
        return before.answered ? this.put(frame.counts.total + frame.counts.evicted - 1, frame.message) : undefined;
      case 'updated':
        this.update(frame);
        this.#inbox = { ...this.#inbox, updates: [...before.updates, frame].slice(-REMEMBERED_UPDATES) };
        // The list of a mailbox may contain it.
        if (!everything && frame.change.deletedBy !== undefined) return this.#inDoubt({ removal: true });
        // A body was parsed, so the mail may match now.
        return !everything && frame.change.preview !== undefined ? this.#inDoubt() : undefined;
      case 'removed':
        if (everything && frame.reason !== 'deleted') return this.#evict(frame.ids);
        this.#remove(frame.ids);
        return this.#inDoubt({ removal: true });
      case 'cleared':
        this.forget();
        this.#inbox = { ...this.#inbox, matched: 0 };
        return this.#inDoubt({ removal: true });
      case 'searches':
      case 'disk':
        return;
    }
  }

  put(slot: number, message: Summary): void {
    const elsewhere = this.#slots.get(message.id);
    if (elsewhere !== undefined) this.#rows.delete(elsewhere);
    const displaced = this.#rows.get(slot);
    if (displaced) this.#slots.delete(displaced.id);
    this.#rows.set(slot, message);
    this.#slots.set(message.id, slot);
  }

  update({ ids, change: { tags, attachments, preview, ...flags } }: Updated): void {
    for (const id of ids) {
      const slot = this.#slots.get(id);
      const row = slot === undefined ? undefined : this.#rows.get(slot);
      if (slot === undefined || row === undefined) continue;
      this.#rows.set(slot, {
        ...row,
        ...changedFlags(flags),
        ...(tags === undefined ? {} : { tags }),
        ...(attachments === undefined ? {} : { attachments }),
        ...(preview === undefined ? {} : { preview }),
      });
    }
  }

  forget(): void {
    this.#rows = new Map();
    this.#slots = new Map();
  }

  #inDoubt({ removal = false } = {}): void {
    const { doubt, removals } = this.#inbox;
    this.#inbox = { ...this.#inbox, doubt: doubt + 1, removals: removals + (removal ? 1 : 0) };
  }

  /** The limits remove the oldest mail, so no other row moves, except older ones that are pinned. */
  #evict(ids: readonly string[]): void {
    const gone: number[] = [];
    for (const id of ids) {
      const slot = this.#slots.get(id);
      if (slot === undefined) continue;
      gone.push(slot);
      this.#rows.delete(slot);
      this.#slots.delete(id);
    }
    const spared = this.#spared();
    if (spared.length === 0) return;
    for (const [slot, row] of spared) this.put(slot + gone.filter((one) => one > slot).length, row);
    // Evicted rows may not have been loaded, or may already be missing from a page.
    this.#inDoubt();
  }

  /** The loaded pinned rows that are older than all others, newest first. */
  #spared(): (readonly [slot: number, row: Summary])[] {
    let oldest = Number.POSITIVE_INFINITY;
    for (const [slot, { pinned }] of this.#rows) if (!pinned && slot < oldest) oldest = slot;
    return [...this.#rows].filter(([slot]) => slot < oldest).sort(([a], [b]) => b - a);
  }

  /** Closes the gaps: rows newer than a removed one move down by one. */
  #remove(ids: readonly string[]): void {
    const gone = ids.flatMap((id) => this.#slots.get(id) ?? []).sort((a, b) => a - b);
    // The position of a row that isn't loaded is unknown. Assume that it is older, which moves no row in view.
    const unseen = this.#inbox.query === '' ? ids.length - gone.length : 0;
    if (gone.length === 0 && unseen === 0) return;
    const rows = [...this.#rows].sort(([a], [b]) => a - b);
    this.forget();
    let below = 0;
    for (const [slot, row] of rows) {
      while (below < gone.length && (gone[below] ?? 0) < slot) below++;
      if (gone[below] !== slot) this.put(slot - below - unseen, row);
    }
    // With a query, only the server knows how many still match.
    if (this.#inbox.query !== '') {
      this.#inbox = { ...this.#inbox, matched: Math.max(0, this.#inbox.matched - gone.length) };
    }
  }
}
