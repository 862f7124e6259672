/** Where in a query something is wrong, as far around it as there is room for. */
export interface PointedOut {
  readonly before: string;
  /** What is wrong; empty when something is missing at the end. */
  readonly at: string;
  readonly after: string;
  /** What is wrong with it. */
  readonly reason: string;
  /** From 1. */
  readonly column: number;
}

/** A parenthesis, a quoted value, an expression or a word, closed or not. */
const PIECE = /^(?:[()]|"[^"]*"?|\/(?:[^/\\]|\\.)*\/?|[^\s()]+|)/s;

const BEFORE = 48;
const AT = 32;
const AFTER = 24;

/**
 * Finds the column that the server names, as in `q, column 4: is: must be one of read, unread, not "red"`.
 * @returns null when it names none in this query
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
