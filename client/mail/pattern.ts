/** Whether a text contains a string, ignoring case, or matches a regular expression. */
export function hasPattern(text: string, pattern: string | RegExp): boolean {
  if (typeof pattern === 'string') return text.toLowerCase().includes(pattern.toLowerCase());
  // Unlike `test`, `search` does not start at the end of a global expression's last match.
  return text.search(pattern) >= 0;
}

export function told(pattern: string | RegExp): string {
  return typeof pattern === 'string' ? `"${pattern}"` : String(pattern);
}
