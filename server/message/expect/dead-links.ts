import type { Attribute } from '../html/scan.ts';
import { seenInHtml } from '../html/text.ts';
import { foldWhiteSpace } from '../preview.ts';

/** A link in an HTML mail that leads nowhere. */
export interface DeadLink {
  /** As written; null without a `href`. */
  readonly href: string | null;
  readonly text: string;
}

/** Enough for an error. */
const MAX_CHARS = 200_000;
const MAX_FOUND = 10;
const MAX_TEXT = 100;

/**
 * The `<a>`s of an HTML mail that do nothing when clicked: without a target, with `#...` or `javascript:`, or relative,
 * which means nothing in a mail.
 */
export function deadLinksOf(html: string): readonly DeadLink[] {
  const found: DeadLink[] = [];
  let open: { href: string | null; text: string } | null = null;
  const close = () => {
    if (open && open.text.trim() !== '') found.push({ ...open, text: foldWhiteSpace(open.text).slice(0, MAX_TEXT) });
    open = null;
  };
  for (const piece of seenInHtml(html.slice(0, MAX_CHARS))) {
    if (found.length === MAX_FOUND) return found;
    if (piece.kind === 'text') {
      if (open && open.text.length < MAX_TEXT) open.text += piece.text;
    } else if (piece.kind === 'open' && piece.name === 'img') {
      if (open) open.text += ` ${piece.attributes.get('alt')?.value ?? ''}`;
    } else if (piece.name === 'a') {
      close();
      if (piece.kind === 'open' && isDead(piece.attributes)) {
        open = { href: piece.attributes.get('href')?.value ?? null, text: '' };
      }
    }
  }
  close();
  return found;
}

/** Any scheme but `javascript:` leads somewhere: apps have their own. The target of an `#anchor` has no text to click. */
function isDead(attributes: ReadonlyMap<string, Attribute>): boolean {
  const href = attributes.get('href')?.value.trim();
  if (href === undefined) return !attributes.has('name') && !attributes.has('id');
  return !/^[a-z][a-z0-9+.-]*:./i.test(href) || /^javascript:/i.test(href);
}
