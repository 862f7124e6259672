import type { Query } from '../../wire/query/query.ts';
import type { Warning } from '../../wire/warning.ts';
import type { Content, Incoming, Peer, Summary } from '../message/message.ts';
import type { Miss } from '../message/query/explain.ts';
import type { Comparison } from '../message/query/judging.ts';
import type { Change, Counts, Listener, News, StoreEvent, Unsubscribe } from './events.ts';

/** A window on the matching mails, newest first. */
export interface Page {
  /** At most this many mails. */
  readonly limit: number;
  /** Skip so many of the newest matching ones. */
  readonly offset?: number | undefined;
  /** Only mails whose seq is lower. */
  readonly before?: number | undefined;
  /** Only mails whose seq is higher. */
  readonly after?: number | undefined;
  /** Once aborted, no thread is waited for any longer: the answer is what has been decided so far. */
  readonly cut?: AbortSignal | undefined;
}

export interface Listing {
  readonly messages: readonly Summary[];
  /** Mails of the whole store that may match: they had not been decided when the search was cut. */
  readonly undecided: readonly Summary[];
  /** How many match the query in the whole store, whatever the page. */
  readonly matched: number;
  readonly counts: Counts;
  /** Seq of the newest event that this listing has in it. */
  readonly seq: number;
}

/** A mail with everything that was received. */
export interface StoredMessage {
  readonly summary: Summary;
  readonly envelope: Incoming['envelope'];
  readonly peer: Peer;
  /** What was wrong with the envelope and the session; the summary has all warnings. */
  readonly warnings: readonly Warning[];
}

/** How much mail one recipient address or one SMTP username has, without what was deleted there. */
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

export interface Limits {
  readonly messages: number;
  /** Octets of raw mail. */
  readonly bytes: number;
  /** Milliseconds since a mail was received; null for as long as the other limits let it. */
  readonly age: number | null;
}

export interface Stats {
  /** Seq of the newest event; 0 before the first. */
  readonly seq: number;
  readonly counts: Counts;
  readonly limits: Limits;
}

/**
 * The mails we have. Once `add` has resolved, every reader sees the mail.
 * Nothing outside `store/` may assume that all mail is in this process.
 */
export interface Store {
  /**
   * @throws {MailstopError} `store-full` when the mail is larger than the limits allow, pinned mails take up the room, or the
   *   disk has none; `data-unwritable` when the folder can't be written; `stopping`
   */
  add(incoming: Incoming): Promise<Summary>;
  get(id: string): Promise<StoredMessage | null>;
  /** The octets as received. */
  raw(id: string): Promise<Buffer | null>;
  /** The parsed mail; what can't be parsed has `problem` set. Never rejects for what is in the mail. */
  content(id: string): Promise<Content | null>;
  /**
   * Parses a mail so that lists have its preview and searches need not wait for it. Never rejects for what is in it.
   * @param keep whether it may well be read soon
   * @returns false when it can't be parsed just now, and is worth another attempt
   */
  prepare(id: string, keep: boolean): Promise<boolean>;
  /** Whether the mail matches each of these; null when it is not there. For answers that take long to find. */
  judge(id: string, queries: readonly Query[], signal?: AbortSignal): Promise<readonly boolean[] | null>;
  /** What keeps the mail from being as it is expected; null when it is not there. */
  compare(id: string, comparison: Comparison, signal?: AbortSignal): Promise<readonly Miss[] | null>;
  /**
   * Why each of these regular expressions can't be used; null when it can.
   * @throws {MailstopError} `search-failed`, and `bad-query` when that takes too much work
   */
  regexFaults(regexes: readonly string[]): Promise<readonly (string | null)[]>;
  /** The decoded bytes of one attachment or inline part. */
  attachment(id: string, index: number): Promise<Buffer | null>;
  /**
   * Costs the page, and with a query what must be looked at.
   * @throws {MailstopError} `too-many-searches`, `search-failed`, and `bad-query` for one that takes too much work
   */
  list(query: Query, page: Page, signal?: AbortSignal): Promise<Listing>;
  /** Ids of all mails that match, newest first. @throws like `list` */
  ids(query: Query, signal?: AbortSignal): Promise<readonly string[]>;
  mailboxes(): Promise<Mailboxes>;
  /** Visible when it resolves, and sure to last after `saved`. @returns the ids that exist, changed or not */
  update(ids: readonly string[], change: Change): Promise<readonly string[]>;
  /** @returns the ids that were there @throws like `add` */
  remove(ids: readonly string[]): Promise<readonly string[]>;
  /**
   * Deletes mails from one mailbox, by the name that opens it: all of their deliveries that it shows. Other mailboxes keep
   * them. A mail that no recipient has any more is removed, as all are from the mailbox of everything.
   * @returns the ids that were in the mailbox
   * @throws like `add`; what is not on the disk then is tried again
   */
  removeDeliveries(mailbox: string, ids: readonly string[]): Promise<readonly string[]>;
  /**
   * Removes what was received at that time or before, but for pinned mails.
   * @returns when the oldest of those that could be next was received; null when there is none
   */
  expire(before: Date): Promise<Date | null>;
  /** @returns how many were removed @throws like `add` */
  clear(): Promise<number>;
  /** Resolves when all changes so far outlast the process, as far as mail does. @throws like `add` */
  saved(): Promise<void>;
  /** Tells all who listen something that is not about mails, as an event among the others. */
  announce(news: News): Promise<void>;
  subscribe(listener: Listener): Unsubscribe;
  /** Events after `seq`, or null when whoever asks has to start over. */
  since(seq: number): readonly StoreEvent[] | null;
  stats(): Promise<Stats>;
}
