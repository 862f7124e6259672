import { codesOf } from './codes/codes.ts';
import { linksOfHtml } from './html/links.ts';
import type { Extracts, Header, Link } from './message.ts';
import { urlsOfText } from './text-links.ts';
import { unsubscribeUrls } from './unsubscribe.ts';

/** What is searched for links and codes. */
export interface Readable {
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly Header[];
}

export const nothing: Extracts = { links: [], codes: [], code: null, images: [], unsubscribe: [] };

/** More links of one source, and more pictures, are left out. */
const MAX_LINKS = 1000;

/**
 * Takes links, one-time codes and pictures out of a mail. Never throws; takes time in proportion to the mail.
 * @param problem called with a sentence for each kind that is not listed whole
 */
export function extract({ subject, text, html, headers }: Readable, problem?: (sentence: string) => void): Extracts {
  const tooMany = (what: string) => problem?.(`The ${what} are more than 1,000; the rest of them are not listed.`);
  const fromHtml = linksOfHtml(html ?? '', MAX_LINKS, (kind) => tooMany(`${kind} of the HTML`));
  const fromText = textLinks(text ?? '', () => tooMany('links of the text'));
  return {
    links: [...fromHtml.links.map((link): Link => ({ ...link, source: 'html' })), ...fromText],
    ...codesOf({ subject, text, html }),
    images: fromHtml.images,
    unsubscribe: unsubscribeUrls(headers),
  };
}

function textLinks(text: string, tooMany: () => void): readonly Link[] {
  const links = new Map<string, Link>();
  for (const { url, text: label } of urlsOfText(text)) {
    if (links.has(url)) continue;
    if (links.size >= MAX_LINKS) {
      tooMany();
      break;
    }
    links.set(url, { url, text: label, source: 'text' });
  }
  return [...links.values()];
}
