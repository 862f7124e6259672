import type { Flag } from '../flags.ts';

/**
 * What search, wait, expect, delete and the matchers ask for: plain data, so that it can be sent, printed and
 * compared. Built from text by `text.ts`, printed by `print.ts`, answered by `server/message/query/matches.ts`.
 */
export type Query =
  | { readonly match: 'everything' }
  | { readonly match: 'all' | 'any'; readonly of: readonly Query[] }
  | { readonly match: 'not'; readonly of: Query }
  /**
   * `any`: the subject, an address, a name, a file name or the text. `text`: the text of the body, as a reader sees it.
   * `html`: the HTML as sent. `filename`: the name of an attachment or inline part.
   */
  | { readonly match: 'any-text' | 'subject' | 'text' | 'html' | 'filename'; readonly value: Term }
  /** An address or name in the headers, or a recipient of the envelope (`rcpt`). */
  | { readonly match: 'address'; readonly field: AddressField; readonly value: Term }
  /** A header field by its name; with a value, one that has it. */
  | { readonly match: 'header'; readonly name: string; readonly value: Term | null }
  /** Equal, but for case: the username given to SMTP AUTH, a tag. */
  | { readonly match: 'user' | 'tag' | 'id'; readonly value: string }
  | { readonly match: 'flag'; readonly flag: Flag; readonly value: boolean }
  | { readonly match: 'has'; readonly what: Having }
  /** Octets, raw. */
  | { readonly match: 'larger' | 'smaller'; readonly octets: number }
  /** When the mail was received, in Unix time in ms. `after` includes that moment, `before` does not. */
  | { readonly match: 'after' | 'before'; readonly time: number }
  /** How long ago it was received, in ms. */
  | { readonly match: 'newer' | 'older'; readonly ms: number }
  /** The mail of a mailbox as POP3 opens it, see `inMailbox`. */
  | { readonly match: 'mailbox'; readonly name: string };

/**
 * What a text is compared with. A string must be part of it, case and Unicode form apart; only of an address, one
 * that is a full address itself must be all of it. A regular expression, in RE2's syntax, may match anywhere in it.
 */
export type Term = string | { readonly regex: string };

export type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'rcpt';

/** An attachment is not an inline part; a link is one of http, https or mailto; a code is a one-time code. */
export const HAVINGS = ['attachment', 'html', 'link', 'code', 'warning'] as const;
export type Having = (typeof HAVINGS)[number];

export const everything: Query = { match: 'everything' };

/**
 * A query as data: everything that is named must hold.
 * @typeParam T a text to find, ignoring case, or an expression. Where an address is looked for, a full address must be all of it.
 */
export interface WhereOf<T> {
  /** The subject, an address, a name, a file name or the text. */
  readonly anywhere?: T;
  readonly from?: T;
  /** In the To header. */
  readonly to?: T;
  readonly cc?: T;
  readonly bcc?: T;
  /** A recipient of the envelope, whatever the headers say. */
  readonly rcpt?: T;
  readonly subject?: T;
  readonly text?: T;
  readonly html?: T;
  /** The name of an attachment. */
  readonly filename?: T;
  /** By name; `true` = it is there. */
  readonly headers?: Readonly<Record<string, T | true>>;
  /** The username given to SMTP AUTH. */
  readonly user?: string;
  readonly tag?: string;
  readonly id?: string;
  readonly read?: boolean;
  readonly pinned?: boolean;
  readonly flagged?: boolean;
  readonly has?: readonly Having[];
  /** More than this many octets, as raw mail. */
  readonly larger?: number;
  /** Fewer than this many octets, as raw mail. */
  readonly smaller?: number;
  /** Received within this many milliseconds. */
  readonly newer?: number;
  /** Received at least this many milliseconds ago. */
  readonly older?: number;
  /** Received at this time or later, in ISO 8601 with its zone. */
  readonly after?: string;
  /** Received before this time, in ISO 8601 with its zone. */
  readonly before?: string;
}
