import type { Query } from '../../wire/query/query.ts';
import type { SessionRecord, SessionSummary } from '../../wire/state.ts';
import type { Warning } from '../../wire/warning.ts';
import type { Content, Incoming, Peer, Summary } from '../message/message.ts';
import type { Miss } from '../message/query/explain.ts';
import type { Comparison } from '../message/query/judging.ts';
import type { Change, Counts, Position, SavedSearch, Start, StoreEvent } from './events.ts';

/** A window on the matching mails, newest first. */
export interface Page {
  /** At most this many mails. */
  readonly limit: number;
  /** Skip this many of the newest matches. */
  readonly offset?: number | undefined;
  /** Only mails whose seq is lower. */
  readonly before?: number | undefined;
  /** Only mails whose seq is higher. */
  readonly after?: number | undefined;
  /** Once aborted, the search stops waiting for threads and returns what it has decided so far. */
  readonly cut?: AbortSignal | undefined;
}

export interface Listing {
  readonly messages: readonly Summary[];
  /** Mails of the whole store that may match: still undecided when the search was cut. */
  readonly undecided: readonly Summary[];
  /** Number of matches in the whole store, not only on this page. */
  readonly matched: number;
  readonly counts: Counts;
  /** This listing reflects all events up to this seq, and maybe some of the later ones. */
  readonly seq: number;
}

/** A mail and everything received with it. */
export interface StoredMessage {
  readonly summary: Summary;
  readonly envelope: Incoming['envelope'];
  readonly peer: Peer;
  /** About the envelope and the session only; the summary has all warnings. */
  readonly warnings: readonly Warning[];
}

/** Mail counts of one recipient address or one SMTP username, not counting what was deleted there. */
export interface Mailbox {
  /** The address in lower case, or the username. */
  readonly name: string;
  readonly total: number;
  readonly unread: number;
}

export interface Mailboxes {
  readonly addresses: readonly Mailbox[];
  readonly usernames: readonly Mailbox[];
}

/** A mail that SMTP refused, which may be why a test fails. */
export interface Refused {
  readonly time: Date;
  readonly command: string;
  readonly reply: string;
  /** The id of the session. */
  readonly session: string;
}

/** Which sessions. Absent = any. */
export interface SessionFilter {
  readonly protocol?: SessionSummary['protocol'] | undefined;
  readonly outcome?: SessionSummary['outcome'] | undefined;
  /** The client's address, with or without its port. */
  readonly peer?: string | undefined;
  /** The sender, a recipient or the username, in any case. */
  readonly address?: string | undefined;
  /** The id of a mail that the session brought. */
  readonly message?: string | undefined;
}

export interface Limits {
  readonly messages: number;
  /** Octets of raw mail. */
  readonly bytes: number;
  /** Maximum age since receipt, in milliseconds; null for no age limit. */
  readonly age: number | null;
}

/** Its `seq` is that of the newest event; 0 before the first. */
export interface Stats extends Position {
  readonly counts: Counts;
  readonly limits: Limits;
}

/**
 * All stored mails. Once `add` has resolved, every reader sees the mail.
 * Nothing outside `store/` may assume that all mail is in this process.
 */
export interface Store {
  /**
   * @throws {MailstopError} `store-full` when the mail exceeds the limits, pinned mails leave no room, or the disk is
   *   full; `data-unwritable` when the folder can't be written; `stopping`
   */
  add(incoming: Incoming): Promise<Summary>;
  get(id: string): Promise<StoredMessage | null>;
  /** Those that exist, each once, in the order of the ids. */
  getMany(ids: readonly string[]): Promise<readonly StoredMessage[]>;
  /** The raw mail, exactly as received. */
  raw(id: string): Promise<Buffer | null>;
  /** The parsed mail; `problem` says what could not be parsed. Never rejects because of the mail's content. */
  content(id: string): Promise<Content | null>;
  /**
   * Whether the mail matches each query; null when there is no such mail. Use it for queries that are slow to answer.
   */
  judge(id: string, queries: readonly Query[], signal?: AbortSignal): Promise<readonly boolean[] | null>;
  /** The expectations that the mail does not meet; null when there is no such mail. */
  compare(id: string, comparison: Comparison, signal?: AbortSignal): Promise<readonly Miss[] | null>;
  /**
   * For each regular expression, why it can't be used; null when it can.
   * @throws {MailstopError} `search-failed`, and `bad-query` when checking takes too much work
   */
  regexFaults(regexes: readonly string[]): Promise<readonly (string | null)[]>;
  /** The decoded bytes of one attachment or inline part. */
  attachment(id: string, index: number): Promise<Buffer | null>;
  /**
   * Cost: proportional to the page; with a query, to the mails that it has to examine.
   * @throws {MailstopError} `too-many-searches`, `search-failed`, and `bad-query` for a query that takes too much work
   */
  list(query: Query, page: Page, signal?: AbortSignal): Promise<Listing>;
  /** Ids of all matches, newest first. @throws like `list` */
  ids(query: Query, signal?: AbortSignal): Promise<readonly string[]>;
  mailboxes(): Promise<Mailboxes>;
  /** Visible when this resolves, durable after `saved`. @returns the ids that exist, changed or not */
  update(ids: readonly string[], change: Change): Promise<readonly string[]>;
  /**
   * Changes each mail that matched when the search looked at it, and that still exists at the change. Mail that is
   * added or changed meanwhile may be missed, or changed although it does not match any more.
   * @returns how many matched and exist, changed or not
   * @throws like `list`
   */
  updateWhere(query: Query, change: Change, signal?: AbortSignal): Promise<number>;
  /** @returns the ids that existed @throws like `add` */
  remove(ids: readonly string[]): Promise<readonly string[]>;
  /**
   * Removes each mail that matched when the search looked at it, like `updateWhere`. Everything is removed at once.
   * @returns how many were removed
   * @throws like `list` and `add`
   */
  removeWhere(query: Query, signal?: AbortSignal): Promise<number>;
  /**
   * Deletes mails from one mailbox, given by its login name. Other mailboxes keep them. A mail that no recipient has
   * any more is removed from the store, and so is every mail deleted from the mailbox that shows everything.
   * @returns the ids that were in the mailbox
   * @throws like `add`; what is not on disk yet is retried
   */
  removeDeliveries(mailbox: string, ids: readonly string[]): Promise<readonly string[]>;
  /** @returns the number of mails removed @throws like `add` */
  clear(): Promise<number>;
  /** Sorted by name. */
  searches(): Promise<readonly SavedSearch[]>;
  /** Replaces a search of the same name. @throws like `add`; {MailstopError} `bad-request` when there are too many */
  saveSearch(search: SavedSearch): Promise<void>;
  /** @returns false when there is none with that name @throws like `add` */
  removeSearch(name: string): Promise<boolean>;
  /** Remembers the latest few hundred. */
  addRefusal(refused: Refused): Promise<void>;
  /** Those since then, oldest first. */
  refusals(since: Date): Promise<readonly Refused[]>;
  /** Adds or replaces a session. The latest thousand are kept, in memory only. */
  saveSession(session: SessionRecord): Promise<void>;
  /** The latest that match, newest first, and how many match. */
  sessions(filter: SessionFilter, limit: number): Promise<{ sessions: readonly SessionSummary[]; matched: number }>;
  session(id: string): Promise<SessionRecord | null>;
  /** Resolves when all changes so far are as durable as the mail itself. @throws like `add` */
  saved(): Promise<void>;
  /**
   * All changes after a position, in order and without a gap, as fast as they are read: some at a time, so that a
   * reader keeps up with whoever changes much. A `start` comes first: it says whether this resumes after the position.
   * It comes again if the reader falls too far behind, or the epoch ends. A reader that does not read on holds no more
   * than it was given. Ends when the signal aborts; never rejects.
   * @param after null for what comes from now on: after the first `start` has been read, no change is missed
   */
  changes(after: Position | null, signal: AbortSignal): AsyncIterable<readonly (Start | StoreEvent)[]>;
  stats(): Promise<Stats>;
}
