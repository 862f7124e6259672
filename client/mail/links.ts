import type { Message } from '../../wire/message.ts';
import { quoted } from '../matchers/lines.ts';
import type { HtmlDocument, MailElement } from './html.ts';
import { hasPattern } from './pattern.ts';

type Link = Message['links'][number];

export interface LinkOptions {
  /** Where to look. By default in the HTML if the mail has HTML, and in the text otherwise. */
  readonly source?: Link['source'] | undefined;
}

export interface LinkMatch {
  /** All links of the part that was searched. */
  readonly links: readonly Link[];
  /** Those that match. */
  readonly matching: readonly Link[];
  /** Matching links of the other part. */
  readonly elsewhere: readonly Link[];
  readonly source: Link['source'];
}

/** Why a pattern makes no sense, and what to write instead; null if it makes sense. */
export function objectionTo(pattern: unknown): readonly [reason: string, please: string] | null {
  if (pattern === '') return ['every link contains an empty text', 'leave it out, or say which one you mean'];
  if (pattern === undefined || typeof pattern === 'string' || pattern instanceof RegExp) return null;
  const got = typeof pattern === 'object' && pattern !== null ? 'an object' : String(pattern);
  return [`a link is found by a string or a regular expression, got ${got}`, 'say what its URL or text contains'];
}

/**
 * Looks for a link. If a mail has HTML, only its links count: they are the ones a reader can click.
 * @param pattern what to find in the URL or, if no URL matches, in the link's text; a string ignores case. Any link if
 *   omitted.
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

/** Dead links of the HTML, one per line: what a developer needs to see if a button's link is missing. */
export function deadLinks(document: HtmlDocument): readonly string[] {
  return Array.from(document.querySelectorAll('a'))
    .filter((link) => isDead(link) && label(link) !== '')
    .slice(0, MAX_DEAD)
    .map((link) => {
      const href = link.getAttribute('href');
      return `${quoted(label(link))} leads nowhere: it has ${href === null ? 'no href' : `href=${quoted(href)}`}`;
    });
}

/** Any scheme but `javascript:` is fine: apps have their own. An `<a>` with a name or id but no href is an anchor. */
function isDead(link: MailElement): boolean {
  const href = link.getAttribute('href')?.trim();
  if (href === undefined) return !link.hasAttribute('name') && !link.hasAttribute('id');
  return !/^[a-z][a-z0-9+.-]*:./i.test(href) || /^javascript:/i.test(href);
}

function label(link: MailElement): string {
  const pictures = Array.from(link.querySelectorAll('img')).map((picture) => picture.getAttribute('alt') ?? '');
  return [link.textContent, ...pictures].join(' ').replaceAll(/\s+/g, ' ').trim();
}
