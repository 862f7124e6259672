/**
 * What search, wait, expect, delete and the matchers ask for. Built from text by `query-text.ts`,
 * answered by `matches.ts`. All text is compared folded: case and Unicode form do not matter.
 */
export type Query =
  | { readonly match: 'everything' }
  | { readonly match: 'all' | 'any'; readonly of: readonly Query[] }
  | { readonly match: 'not'; readonly of: Query }
  /** A word or phrase in the subject, an address, a name, a file name or the body. */
  | { readonly match: 'text'; readonly value: string }
  | { readonly match: 'subject'; readonly value: string }
  /** An address of the headers, as {@link AddressField} names them, or a recipient of the envelope (`rcpt`). A value
   *  that is a full address must be equal, any other may be a part of the address or name. */
  | { readonly match: 'address'; readonly field: AddressField; readonly value: string }
  /** The username given to SMTP AUTH. */
  | { readonly match: 'user'; readonly value: string }
  | { readonly match: 'id'; readonly value: string }
  | { readonly match: 'tag'; readonly value: string }
  | { readonly match: 'read'; readonly value: boolean }
  /** At least one attachment that isn't an inline part. */
  | { readonly match: 'attachment' }
  /** Part of the name of an attachment or inline part. */
  | { readonly match: 'filename'; readonly value: string }
  /** The mail of a mailbox as POP3 opens it, see `inMailbox`. */
  | { readonly match: 'mailbox'; readonly name: string };

export type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'rcpt';

export const everything: Query = { match: 'everything' };
