import type { Header } from './message.ts';
import { leadsSomewhere, MAX_URL } from './text-links.ts';

/** More than a mail program would try. */
const MAX_URLS = 20;

/**
 * The URLs of List-Unsubscribe, in the order the sender prefers. Blanks within the brackets are no part of a URL, and
 * what stands outside them is a comment (RFC 2369 §2).
 */
export function unsubscribeUrls(headers: readonly Header[]): readonly string[] {
  const urls = new Set<string>();
  for (const { name, value } of headers) {
    if (name.toLowerCase() !== 'list-unsubscribe') continue;
    for (const [, inside = ''] of value.matchAll(/<([^<>]*)>/g)) {
      const url = inside.replace(/\s+/g, '');
      if (urls.size < MAX_URLS && url.length <= MAX_URL && leadsSomewhere(url)) urls.add(url);
    }
  }
  return [...urls];
}
