/**
 * The mails of one session, as they were at login: message n is at index n - 1. Ids and sizes are in two arrays, so
 * that 100,000 mails cost a session about a megabyte.
 */
export interface Maildrop {
  /** The name that opened it. */
  readonly mailbox: string;
  readonly ids: readonly string[];
  /** What RETR sends for each, before byte-stuffing. */
  readonly sizes: Uint32Array;
  /** The sum of all sizes. */
  readonly octets: number;
}

export function maildrop(mailbox: string, ids: readonly string[], sizes: Uint32Array): Maildrop {
  return { mailbox, ids, sizes, octets: sizes.reduce((sum, size) => sum + size, 0) };
}
