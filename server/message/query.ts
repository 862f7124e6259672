/**
 * What search, wait, expect, delete and the matchers ask for. Built from text by `query-text.ts`.
 * All text is compared without regard to case.
 */
export type Query =
  | { readonly match: 'everything' }
  | { readonly match: 'all'; readonly of: readonly Query[] }
  | { readonly match: 'not'; readonly of: Query }
  /** A word or phrase in the subject, an address, a name, the body or a file name. */
  | { readonly match: 'text'; readonly value: string }
  /** A header address; a value with an @ and a domain must be the whole address, any other a part of address or name. */
  | { readonly match: 'address'; readonly field: 'from' | 'to' | 'cc' | 'bcc'; readonly value: string }
  /** An envelope recipient, compared like `address`. */
  | { readonly match: 'rcpt'; readonly value: string }
  | { readonly match: 'subject'; readonly value: string }
  | { readonly match: 'read'; readonly value: boolean }
  /** At least one attachment that isn't an inline part. */
  | { readonly match: 'attachment' };

export const everything: Query = { match: 'everything' };
