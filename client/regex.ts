import { refuse } from './refusal.ts';

/**
 * A regular expression as the server's engine writes it. Its syntax is RE2's, which is that of JavaScript but for a
 * few escapes; what it does not have, like look-ahead, the server refuses and says so. It never minds case.
 * @throws {TypeError} for a flag that would change the meaning
 */
export function re2Source({ source, flags }: RegExp): string {
  const [flag] = flags.replaceAll('i', '');
  if (flag !== undefined) {
    const why = `the flag "${flag}" of /${source}/${flags} means nothing to the server`;
    refuse('look for mail', why, 'use no flag, or "i": matching never minds case');
  }
  return source.replace(/\\u([0-9a-fA-F]{4})|\\[\s\S]|\[\^\]|\[\]/g, (part, hex: string | undefined) => {
    if (hex !== undefined) return `\\x{${hex}}`;
    // What JavaScript has for "any character" and for "none".
    if (part === '[^]') return '[\\s\\S]';
    if (part === '[]') return '[^\\s\\S]';
    return part;
  });
}
