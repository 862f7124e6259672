const PART = /\s*(-?(?:[a-z]+:)?(?:[\w-]+=)?(?:"(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)+\/i?(?=\s|$)|[^\s()"]+))(?=\s|$)/isy;

/** Each part is a question of its own to the server. */
const MOST = 6;

/**
 * The parts of a query that a mail must match all of, as they are written. None for a query with one part only, and
 * for one with OR or parentheses, which isn't a list of parts.
 */
export function partsOf(query: string): readonly string[] {
  const parts: string[] = [];
  const text = query.trimEnd();
  for (PART.lastIndex = 0; PART.lastIndex < text.length; ) {
    const part = PART.exec(text)?.[1];
    if (part === undefined || part === 'OR') return [];
    parts.push(part);
  }
  return parts.length < 2 || parts.length > MOST ? [] : parts;
}
