import type { Flags } from '../../wire/flags.ts';
import type { Warning } from '../../wire/warning.ts';
import type { Attachment, Summary } from '../message/message.ts';

/** Totals after an event, so that readers never have to query them. */
export interface Counts {
  readonly total: number;
  readonly unread: number;
  /** Octets of raw mail held. */
  readonly bytes: number;
  /** Mails removed by the limits since the start: evicted for newer ones, or expired. */
  readonly evicted: number;
}

/** What can change in a stored mail. Absent = unchanged. */
export interface Change extends Partial<Flags> {
  readonly tags?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly preview?: string;
  /** Login name of the mailbox that deleted the mail while others still have it. */
  readonly deletedBy?: string;
  /** The complete new list. */
  readonly warnings?: readonly Warning[];
}

/**
 * A change of the store. Each has the next `seq`, without gaps.
 * An event has at most `MAX_IDS_PER_EVENT` ids; a larger change is split into several events.
 */
export type StoreEvent =
  /** A mail was stored; `seq` is also the mail's own seq. */
  | { readonly type: 'added'; readonly seq: number; readonly message: Summary; readonly counts: Counts }
  /** The same change was made to each of these mails. */
  | {
      readonly type: 'updated';
      readonly seq: number;
      readonly ids: readonly string[];
      readonly change: Change;
      readonly counts: Counts;
    }
  /** Mails were removed: deleted by a user, evicted for newer ones, or expired. */
  | {
      readonly type: 'removed';
      readonly seq: number;
      readonly ids: readonly string[];
      readonly reason: RemovalReason;
      readonly counts: Counts;
    }
  /** All mails were removed at once. */
  | { readonly type: 'cleared'; readonly seq: number; readonly counts: Counts }
  /** All saved searches, after one was saved or removed. */
  | {
      readonly type: 'searches';
      readonly seq: number;
      readonly searches: readonly SavedSearch[];
      readonly counts: Counts;
    }
  /** Free space fell below the floor, or rose above it again, on the disk that holds the store's mail. */
  | { readonly type: 'disk'; readonly seq: number; readonly disk: DiskSpace; readonly counts: Counts };

/** An event without its seq and counts. */
export type Unnumbered<E = StoreEvent> = E extends StoreEvent ? Omit<E, 'seq' | 'counts'> : never;

/** After an event in the sequence of changes. */
export interface Position {
  /** Seqs are comparable, and without gaps, only within an epoch. */
  readonly epoch: string;
  readonly seq: number;
}

/**
 * Where a reader of changes begins: it comes first, and again whenever the reader can't go on without a gap.
 * Unless it `resumed`, anything may have changed up to `seq`, so what the reader knows has to be loaded again.
 */
export interface Start extends Position {
  readonly type: 'start';
  /** The totals at the moment, which may be ahead of `seq`. */
  readonly counts: Counts;
  /** Whether the changes after the reader's own position follow. */
  readonly resumed: boolean;
}

/** A query with a name. */
export interface SavedSearch {
  readonly name: string;
  readonly q: string;
}

/** Free space on the disk that holds the mail. */
export interface DiskSpace {
  readonly folder: string;
  /** Octets; null when unknown. */
  readonly free: number | null;
  /** Octets; mail is refused while less than this is free. */
  readonly floor: number;
  /** Whether `free` is below `floor`. */
  readonly low: boolean;
}

/** `expired`: removed by the age limit; `evicted`: by the other limits. Both count as evicted. */
export type RemovalReason = 'deleted' | 'evicted' | 'expired';

export const MAX_IDS_PER_EVENT = 1000;
