/** Whether a text has it in it: case apart for a text, by its own rules for a regular expression. */
export function hasPattern(text: string, pattern: string | RegExp): boolean {
  if (typeof pattern === 'string') return text.toLowerCase().includes(pattern.toLowerCase());
  // Unlike `test`, `search` does not go on from where a regular expression matched last.
  return text.search(pattern) >= 0;
}

export function told(pattern: string | RegExp): string {
  return typeof pattern === 'string' ? `"${pattern}"` : String(pattern);
}
