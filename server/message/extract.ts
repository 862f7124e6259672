import { codesOf } from './codes/codes.ts';
import { unsubscribeUrls } from './headers/unsubscribe.ts';
import { type LeftOut, linksOfHtml } from './html/links.ts';
import { MAX_URL, urlsOfText } from './html/text-links.ts';
import type { Extracts, Header, Link } from './message.ts';

/** The parts of a mail that are searched for links and codes. */
export interface Readable {
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly Header[];
}

/** Most links per source, and most images; the rest is left out. */
const MAX_LINKS = 1000;

const LEFT_OUT: Readonly<Record<LeftOut, string>> = {
  'more links': 'The HTML has more than 1,000 links; the rest are not listed.',
  'more pictures': 'The HTML has more than 1,000 pictures; the rest are not listed.',
  'long links': 'The HTML has links of more than 8,192 characters, which are not listed.',
  'long pictures': 'The HTML has pictures with URLs of more than 2,048 characters, which are not listed.',
};
const LEFT_OUT_OF_TEXT = {
  more: 'The text has more than 1,000 links; the rest are not listed.',
  long: 'The text has links of more than 8,192 characters, which are not listed.',
};
const LEFT_OUT_OF_UNSUBSCRIBE = {
  more: 'List-Unsubscribe has more than 20 URLs; the rest are not listed.',
  long: 'List-Unsubscribe has URLs of more than 8,192 characters, which are not listed.',
};

/**
 * Extracts links, one-time codes and images from a mail. Never throws; takes linear time.
 * @param problem called with a sentence for each kind that is not listed completely
 */
export function extract({ subject, text, html, headers }: Readable, problem?: (sentence: string) => void): Extracts {
  const fromHtml = linksOfHtml(html ?? '', MAX_LINKS, (what) => problem?.(LEFT_OUT[what]));
  const fromText = textLinks(text ?? '', (why) => problem?.(LEFT_OUT_OF_TEXT[why]));
  return {
    links: [...fromHtml.links.map((link): Link => ({ ...link, source: 'html' })), ...fromText],
    ...codesOf({ subject, text, html }),
    images: fromHtml.images,
    unsubscribe: unsubscribeUrls(headers, (why) => problem?.(LEFT_OUT_OF_UNSUBSCRIBE[why])),
  };
}

function textLinks(text: string, leaveOut: (why: 'more' | 'long') => void): readonly Link[] {
  const links = new Map<string, Link>();
  for (const { url, text: label } of urlsOfText(text)) {
    if (links.has(url)) continue;
    if (url.length > MAX_URL) {
      leaveOut('long');
    } else if (links.size >= MAX_LINKS) {
      leaveOut('more');
      break;
    } else {
      links.set(url, { url, text: label, source: 'text' });
    }
  }
  return [...links.values()];
}
