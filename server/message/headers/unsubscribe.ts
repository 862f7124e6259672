import { leadsSomewhere, MAX_URL } from '../html/text-links.ts';
import type { Header } from '../message.ts';

/** More than any mail client tries. */
const MAX_URLS = 20;

/**
 * The URLs of List-Unsubscribe, in the sender's order of preference. Spaces inside the brackets are not part of the
 * URL; text outside them is a comment (RFC 2369 §2).
 * @param leaveOut called for each URL that is not listed, because there are too many or it is too long
 */
export function unsubscribeUrls(
  headers: readonly Header[],
  leaveOut?: (why: 'more' | 'long') => void,
): readonly string[] {
  const urls = new Set<string>();
  for (const { name, value } of headers) {
    if (name.toLowerCase() !== 'list-unsubscribe') continue;
    for (const [, inside = ''] of value.matchAll(/<([^<>]*)>/g)) {
      const url = inside.replace(/\s+/g, '');
      if (!leadsSomewhere(url) || urls.has(url)) continue;
      if (url.length > MAX_URL) leaveOut?.('long');
      else if (urls.size >= MAX_URLS) leaveOut?.('more');
      else urls.add(url);
    }
  }
  return [...urls];
}
