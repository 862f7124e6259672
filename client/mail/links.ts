import type { Message } from '../../wire/message.ts';
import { quoted } from '../matchers/lines.ts';
import type { HtmlDocument, MailElement } from './html.ts';
import { hasPattern } from './pattern.ts';

type Link = Message['links'][number];

export interface LinkOptions {
  /** Where to look: in the HTML when the mail has HTML, in the text otherwise, unless it is said. */
  readonly source?: Link['source'] | undefined;
}

export interface LinkMatch {
  /** The links that are meant. */
  readonly links: readonly Link[];
  /** Those of them that match. */
  readonly matching: readonly Link[];
  /** Those that match in the part that is not meant. */
  readonly elsewhere: readonly Link[];
  readonly source: Link['source'];
}

/**
 * Looks for a link. Where a mail has HTML, its links are meant: they are what its reader can click.
 * @param pattern in the URL, case apart for a text; where no URL has it, in what a reader clicks on; any link without it
 */
export function findLinks(
  { links, html }: Pick<Message, 'links' | 'html'>,
  pattern: string | RegExp | undefined,
  { source = html === null ? 'text' : 'html' }: LinkOptions,
): LinkMatch {
  const meant = links.filter((link) => link.source === source);
  const others = links.filter((link) => link.source !== source);
  return { links: meant, matching: matching(meant, pattern), elsewhere: matching(others, pattern), source };
}

function matching(links: readonly Link[], pattern: string | RegExp | undefined): readonly Link[] {
  if (pattern === undefined) return links;
  const byUrl = links.filter(({ url }) => hasPattern(url, pattern));
  return byUrl.length > 0 ? byUrl : links.filter(({ text }) => hasPattern(text, pattern));
}

const MAX_DEAD = 10;

/** The links of the HTML that lead nowhere, a line each: what a developer has to see when a button's link is missing. */
export function deadLinks(document: HtmlDocument): readonly string[] {
  return Array.from(document.querySelectorAll('a'))
    .filter((link) => isDead(link) && label(link) !== '')
    .slice(0, MAX_DEAD)
    .map((link) => {
      const href = link.getAttribute('href');
      return `${quoted(label(link))} leads nowhere: it has ${href === null ? 'no href' : `href=${quoted(href)}`}`;
    });
}

/** Any scheme but `javascript:` leads somewhere: apps have their own. The target of an `#anchor` has no text to click. */
function isDead(link: MailElement): boolean {
  const href = link.getAttribute('href')?.trim();
  if (href === undefined) return !link.hasAttribute('name') && !link.hasAttribute('id');
  return !/^[a-z][a-z0-9+.-]*:./i.test(href) || /^javascript:/i.test(href);
}

function label(link: MailElement): string {
  const pictures = Array.from(link.querySelectorAll('img')).map((picture) => picture.getAttribute('alt') ?? '');
  return [link.textContent, ...pictures].join(' ').replaceAll(/\s+/g, ' ').trim();
}
