import { refuse } from './refusal.ts';

/**
 * Converts a regular expression to the server's RE2 syntax. That is JavaScript's except for a few escapes; the server
 * rejects what RE2 lacks, such as look-ahead, and says so. Matching always ignores case.
 * @throws {TypeError} for a flag that would change the meaning
 */
export function re2Source({ source, flags }: RegExp): string {
  const [flag] = flags.replaceAll('i', '');
  if (flag !== undefined) {
    const why = `the flag "${flag}" of /${source}/${flags} is not supported by the server`;
    refuse('look for mail', why, 'use no flag or "i"; matching always ignores case');
  }
  return source.replace(/\\u([0-9a-fA-F]{4})|\\[\s\S]|\[\^\]|\[\]/g, (part, hex: string | undefined) => {
    if (hex !== undefined) return `\\x{${hex}}`;
    // JavaScript's "any character" and "no character".
    if (part === '[^]') return '[\\s\\S]';
    if (part === '[]') return '[^\\s\\S]';
    return part;
  });
}
