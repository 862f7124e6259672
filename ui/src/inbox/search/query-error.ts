/** The faulty part of a query, with some text before and after it. */
export interface PointedOut {
  readonly before: string;
  /** The faulty part; empty if something is missing at the end. */
  readonly at: string;
  readonly after: string;
  /** Why it is wrong. */
  readonly reason: string;
  /** Counted from 1. */
  readonly column: number;
}

/** A parenthesis, a quoted value, a regular expression or a word; the closing mark may be missing. */
const PIECE = /^(?:[()]|"[^"]*"?|\/(?:[^/\\]|\\.)*\/?|[^\s()]+|)/s;

const BEFORE = 48;
const AT = 32;
const AFTER = 24;

/**
 * Finds the column named in an error, such as `q, column 4: is: must be one of read, unread, not "red"`.
 * @returns null if it names no column of this query
 */
export function pointOut(query: string, detail: string): PointedOut | null {
  const [, digits, reason] = /^q, column (\d{1,5}): (.+)$/s.exec(detail) ?? [];
  const column = Number(digits);
  if (reason === undefined || column < 1 || column > query.length + 1) return null;
  const start = column - 1;
  const [word = ''] = PIECE.exec(query.slice(start, start + AT)) ?? [];
  const end = start + word.length;
  return {
    before: (start > BEFORE ? '…' : '') + query.slice(Math.max(0, start - BEFORE), start),
    at: word,
    after: query.slice(end, end + AFTER) + (query.length > end + AFTER ? '…' : ''),
    reason,
    column,
  };
}
