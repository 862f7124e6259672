import type { Flag } from '../flags.ts';

/**
 * What search, wait, expect, delete and the matchers look for: plain data that can be sent, printed and compared.
 * Parsed by `text.ts`, printed by `print.ts`, matched by `server/message/query/matches.ts`.
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
  /** A header field by name; with a value, one that matches it. */
  | { readonly match: 'header'; readonly name: string; readonly value: Term | null }
  /** Equal, ignoring case: the username given to SMTP AUTH, a tag. */
  | { readonly match: 'user' | 'tag' | 'id'; readonly value: string }
  | { readonly match: 'flag'; readonly flag: Flag; readonly value: boolean }
  | { readonly match: 'has'; readonly what: Having }
  /** Octets of the raw mail. */
  | { readonly match: 'larger' | 'smaller'; readonly octets: number }
  /** When the mail was received, in Unix time in ms. `after` includes that moment, `before` does not. */
  | { readonly match: 'after' | 'before'; readonly time: number }
  /** How long ago it was received, in ms. */
  | { readonly match: 'newer' | 'older'; readonly ms: number }
  /** The mail in a POP3 mailbox, see `inMailbox`. */
  | { readonly match: 'mailbox'; readonly name: string };

/**
 * What to find in a text. A string matches anywhere, ignoring case and Unicode form; in an address field, a full
 * address must match the whole address. A regular expression (RE2 syntax) may match anywhere.
 */
export type Term = string | { readonly regex: string };

export type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'rcpt';

/** An attachment is not an inline part; a link is http, https or mailto; a code is a one-time code. */
export const HAVINGS = ['attachment', 'html', 'link', 'code', 'warning'] as const;
export type Having = (typeof HAVINGS)[number];

export const everything: Query = { match: 'everything' };

/**
 * A query as data: all fields must match.
 * @typeParam T a text to find, ignoring case, or a regular expression. In an address field, a full address must match
 *   the whole address.
 */
export interface WhereOf<T> {
  /** The subject, an address, a name, a file name or the text. */
  readonly anywhere?: T;
  readonly from?: T;
  /** In the To header. */
  readonly to?: T;
  readonly cc?: T;
  readonly bcc?: T;
  /** A recipient of the envelope, regardless of the headers. */
  readonly rcpt?: T;
  readonly subject?: T;
  readonly text?: T;
  readonly html?: T;
  /** The name of an attachment. */
  readonly filename?: T;
  /** By name; `true` = the header is present. */
  readonly headers?: Readonly<Record<string, T | true>>;
  /** The username given to SMTP AUTH. */
  readonly user?: string;
  readonly tag?: string;
  readonly id?: string;
  readonly read?: boolean;
  readonly pinned?: boolean;
  readonly flagged?: boolean;
  readonly has?: readonly Having[];
  /** Raw size over this many octets. */
  readonly larger?: number;
  /** Raw size under this many octets. */
  readonly smaller?: number;
  /** Received within this many milliseconds. */
  readonly newer?: number;
  /** Received at least this many milliseconds ago. */
  readonly older?: number;
  /** Received at this time or later: ISO 8601 with a time zone. */
  readonly after?: string;
  /** Received before this time: ISO 8601 with a time zone. */
  readonly before?: string;
}
