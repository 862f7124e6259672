const PART = /\s*(-?(?:[a-z]+:)?(?:[\w-]+=)?(?:"(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)+\/(?=\s|$)|[^\s()"]+))(?=\s|$)/isy;

/** Each part is a request of its own. */
const MOST = 6;

/**
 * The parts of a query, as written, if a mail must match all of them. Empty for a query with a single part, with OR
 * or with parentheses.
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
