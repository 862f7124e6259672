import type { Counts, Summary } from '../../../client/index.ts';
import { type Inbox, indexOfSlot, rowOf, slotOfIndex, type View } from './inbox.ts';

/** The list as shown: without rows whose deletion can still be undone. */
export interface Visible {
  readonly count: number;
  /** Counts of all mails, whatever the query; null until the server has sent them. */
  readonly counts: Counts | null;
  /** Undefined when the row isn't loaded. */
  readonly at: (index: number) => Summary | undefined;
  /** Null when the row isn't loaded, or hidden. */
  readonly indexOf: (id: string) => number | null;
  /** A key for the row: its id or, while it isn't loaded, its slot. */
  readonly keyAt: (index: number) => string;
  readonly indexOfKey: (key: string) => number | null;
  /** The loaded rows and their positions, unordered. */
  readonly loaded: () => readonly (readonly [index: number, message: Summary])[];
  /** The same rows, by their positions among all rows, hidden ones included. */
  readonly inList: (view: View) => View;
}

/** Ids contain only letters, digits, - and _, so none begins like this. */
const SLOT = 'slot:';

export function visible(inbox: Inbox, hidden: ReadonlySet<string>): Visible {
  const gaps = [...hidden]
    .flatMap((id) => inbox.slots.get(id) ?? [])
    .map((slot) => indexOfSlot(inbox, slot))
    .sort((a, b) => a - b);
  const toList = (index: number) => gaps.reduce((at, gap) => (gap <= at ? at + 1 : at), index);
  const toVisible = (index: number) => (index < 0 ? null : index - gaps.filter((gap) => gap < index).length);
  const at = (index: number) => inbox.rows.get(slotOfIndex(inbox, toList(index)));
  const indexOf = (id: string) => {
    const slot = inbox.slots.get(id);
    return slot === undefined || hidden.has(id) ? null : toVisible(indexOfSlot(inbox, slot));
  };

  const { counts } = inbox;
  const unread = [...hidden].filter((id) => rowOf(inbox, id)?.read === false).length;

  return {
    counts: counts && { ...counts, total: counts.total - gaps.length, unread: counts.unread - unread },
    count: Math.max(0, inbox.matched - gaps.length),
    at,
    indexOf,
    keyAt: (index) => at(index)?.id ?? `${SLOT}${slotOfIndex(inbox, toList(index))}`,
    indexOfKey: (key) =>
      key.startsWith(SLOT) ? toVisible(indexOfSlot(inbox, Number(key.slice(SLOT.length)))) : indexOf(key),
    loaded: () =>
      [...inbox.rows.values()].flatMap((message) => {
        const index = indexOf(message.id);
        return index === null ? [] : [[index, message] as const];
      }),
    inList: ({ first, last }) => ({ first: toList(first), last: toList(last) }),
  };
}
