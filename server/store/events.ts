import type { Flags } from '../../wire/flags.ts';
import type { Warning } from '../../wire/warning.ts';
import type { Attachment, Summary } from '../message/message.ts';

/** Totals after an event, so that whoever follows the events never has to ask for them. */
export interface Counts {
  readonly total: number;
  readonly unread: number;
  /** Octets of raw mail held. */
  readonly bytes: number;
  /** Mails that the limits have taken away since the start, pushed out by newer ones or grown too old. */
  readonly evicted: number;
}

/** What may change of a stored mail. Absent = unchanged. */
export interface Change extends Partial<Flags> {
  readonly tags?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly preview?: string;
  /** The mailbox, by the name that opens it, that has deleted the mail, which others still have. */
  readonly deletedBy?: string;
  /** All of them. */
  readonly warnings?: readonly Warning[];
}

/**
 * A change of the store. Each has the next `seq`, without gaps.
 * Ids come in bunches of at most `MAX_IDS_PER_EVENT`.
 */
export type StoreEvent =
  /** A mail was stored; `seq` is also the mail's own. */
  | { readonly type: 'added'; readonly seq: number; readonly message: Summary; readonly counts: Counts }
  /** The same change was made to each of these mails. */
  | {
      readonly type: 'updated';
      readonly seq: number;
      readonly ids: readonly string[];
      readonly change: Change;
      readonly counts: Counts;
    }
  /** Mails are gone: somebody deleted them, the limits made room for newer ones, or they grew too old. */
  | {
      readonly type: 'removed';
      readonly seq: number;
      readonly ids: readonly string[];
      readonly reason: RemovalReason;
      readonly counts: Counts;
    }
  /** All mails are gone at once. */
  | { readonly type: 'cleared'; readonly seq: number; readonly counts: Counts }
  /** What is told of is not a mail. */
  | (News & { readonly seq: number; readonly counts: Counts });

/** An event that has no number yet. */
export type Unnumbered<E = StoreEvent> = E extends StoreEvent ? Omit<E, 'seq' | 'counts'> : never;

export type News =
  /** The saved searches, all of them, after one was saved or removed. */
  | { readonly type: 'searches'; readonly searches: readonly SavedSearch[] }
  /** The disk has come below the floor of free space, or is above it again. */
  | { readonly type: 'disk'; readonly disk: DiskSpace };

/** A query with a name. */
export interface SavedSearch {
  readonly name: string;
  readonly q: string;
}

/** How much room is left where the mail is. */
export interface DiskSpace {
  readonly folder: string;
  /** Octets; null when it can't be told. */
  readonly free: number | null;
  /** Below this many free octets mail is refused. */
  readonly floor: number;
  /** Whether it is. */
  readonly low: boolean;
}

/** `expired` is what the limit of age does, `evicted` the others; both are counted as evicted. */
export type RemovalReason = 'deleted' | 'evicted' | 'expired';

export const MAX_IDS_PER_EVENT = 1000;

export type Listener = (event: StoreEvent) => void;
export type Unsubscribe = () => void;

/** Hands each event to every subscriber, in order, and remembers the latest for those who come back. */
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
    // Trimmed in bunches: shifting a long array for each event would cost more than the event.
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
