/** The end of the quoted string that begins at `at` (RFC 5322 §3.2.4); null if it is never closed. */
export function quotedEnd(value: string, at: number): number | null {
  for (let i = at + 1; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === '\\') i++;
    else if (char === '"') return i + 1;
  }
  return null;
}

/** The end of the comment that begins at `at`, nested ones included (RFC 5322 §3.2.2); null if it is never closed. */
export function commentEnd(value: string, at: number): number | null {
  let depth = 0;
  for (let i = at; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === '\\') i++;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i + 1;
  }
  return null;
}
