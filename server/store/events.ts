import type { Flags } from '../../wire/flags.ts';
import type { Warning } from '../../wire/warning.ts';
import type { Attachment, Summary } from '../message/message.ts';

/** Totals after an event, so that subscribers never have to query them. */
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
  /** Not about mails. */
  | (News & { readonly seq: number; readonly counts: Counts });

/** An event without its seq and counts. */
export type Unnumbered<E = StoreEvent> = E extends StoreEvent ? Omit<E, 'seq' | 'counts'> : never;

export type News =
  /** All saved searches, after one was saved or removed. */
  | { readonly type: 'searches'; readonly searches: readonly SavedSearch[] }
  /** Free disk space fell below the floor, or rose above it again. */
  | { readonly type: 'disk'; readonly disk: DiskSpace };

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

export type Listener = (event: StoreEvent) => void;
export type Unsubscribe = () => void;

/** Delivers each event to every subscriber, in order, and remembers recent ones for subscribers that reconnect. */
export class EventChannel {
  readonly #listeners = new Set<Listener>();
  readonly #recent: StoreEvent[] = [];
  readonly #remember: number;
  readonly #report: (error: unknown) => void;

  /**
   * @param report called with what a listener threw; the other listeners still get the event
   * @param remember how many events `since` can go back
   */
  constructor(report: (error: unknown) => void, remember = 1000) {
    this.#report = report;
    this.#remember = remember;
  }

  subscribe(listener: Listener): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: StoreEvent): void {
    this.#recent.push(event);
    // Trimmed in batches: shifting a long array on each event would cost more than the event itself.
    if (this.#recent.length >= this.#remember * 2) this.#recent.splice(0, this.#recent.length - this.#remember);
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /**
   * The events after `seq`, oldest first; null when they are no longer remembered or `seq` is from another run.
   * @param last the seq of the newest event
   */
  since(seq: number, last: number): readonly StoreEvent[] | null {
    if (seq === last) return [];
    const first = this.#recent[0];
    if (!first || seq > last || seq < first.seq - 1) return null;
    return this.#recent.slice(seq - first.seq + 1);
  }
}
