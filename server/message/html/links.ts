import { foldWhiteSpace } from '../preview.ts';
import { gapAt, seenInHtml } from './text.ts';
import { type FoundUrl, leadsSomewhere, MAX_URL, urlsOfText } from './text-links.ts';

/** Longest image URL listed, in chars; most `data:` URLs are longer. */
const MAX_IMAGE = 2048;
/** Longest link text kept, in chars. */
const MAX_LINK_TEXT = 500;

export interface HtmlLinks {
  readonly links: readonly FoundUrl[];
  readonly images: readonly string[];
}

/** Why something is not listed: there are too many, or its URL is too long. */
export type LeftOut = 'more links' | 'more pictures' | 'long links' | 'long pictures';

/** An `<a>` that is still open. */
interface Anchor {
  readonly url: string;
  text: string;
  /** The alternative text of its pictures. */
  alt: string;
}

/**
 * The links and images of an HTML mail, in order, each once. Includes bare URLs in the text, because mail clients make
 * them links.
 * @param limit most links, and most images
 * @param leaveOut called for each that is not listed, except `data:` URLs
 */
export function linksOfHtml(html: string, limit: number, leaveOut?: (what: LeftOut) => void): HtmlLinks {
  const links = new Map<string, string>();
  const images = new Set<string>();
  const open: { anchor: Anchor | null; loose: string } = { anchor: null, loose: '' };

  const add = (url: string, text: string) => {
    if (url.length > MAX_URL) return leaveOut?.('long links');
    const before = links.get(url);
    if (before === undefined && links.size >= limit) return leaveOut?.('more links');
    // A logo without text and a button often have the same URL: use the button's text.
    links.set(url, before || foldWhiteSpace(text).slice(0, MAX_LINK_TEXT));
  };
  const flush = () => {
    const { anchor, loose } = open;
    if (anchor) add(anchor.url, anchor.text.trim() === '' ? anchor.alt : anchor.text);
    if (loose.includes(':')) for (const { url, text } of urlsOfText(loose)) add(url, text);
    open.anchor = null;
    open.loose = '';
  };
  const show = (text: string) => {
    if (open.anchor === null) open.loose += text;
    else if (open.anchor.text.length < MAX_LINK_TEXT) open.anchor.text += text;
  };

  for (const piece of seenInHtml(html)) {
    if (piece.kind === 'text') {
      show(piece.text);
      continue;
    }
    const { kind, name } = piece;
    const parts = gapAt(name) !== '';
    // An `<a>` within an `<a>` ends the outer one (HTML standard, 13.2.6.4.7).
    if (name === 'a' || (open.anchor === null && parts)) flush();
    else if (parts) show(' ');
    if (kind === 'close') continue;
    const attribute = (name: string) => piece.attributes.get(name)?.value;
    if (name === 'a' || name === 'area') {
      const url = target(attribute('href') ?? attribute('xlink:href') ?? '');
      if (url !== null && name === 'a') open.anchor = { url, text: '', alt: '' };
      else if (url !== null) add(url, attribute('alt') ?? '');
    } else if (name === 'img') {
      const source = trimUrl(attribute('src') ?? '');
      if (source.length > MAX_IMAGE) {
        if (!/^data:/i.test(source)) leaveOut?.('long pictures');
      } else if (source !== '' && !images.has(source)) {
        if (images.size >= limit) leaveOut?.('more pictures');
        else images.add(source);
      }
      if (open.anchor) open.anchor.alt += ` ${(attribute('alt') ?? '').slice(0, MAX_LINK_TEXT)}`;
    }
  }
  flush();
  return { links: [...links].map(([url, text]) => ({ url, text })), images: [...images] };
}

/** The URL, if absolute: a relative one has no base in a mail. */
function target(href: string): string | null {
  const url = trimUrl(href);
  return leadsSomewhere(url) ? url : null;
}

/** As browsers do: strips spaces and controls at both ends, and tabs and line breaks anywhere (URL standard, 4.4). */
function trimUrl(url: string): string {
  let from = 0;
  let to = url.length;
  while (from < to && url.charAt(from) <= ' ') from++;
  while (to > from && url.charAt(to - 1) <= ' ') to--;
  return url.slice(from, to).replace(/[\t\n\r]+/g, '');
}
