/** A piece of plain text; with `href` it is shown as a link. */
export interface Stretch {
  readonly text: string;
  readonly href: string | null;
}

const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"'`{}|\\^]+/gi;
/** At the end of a URL these usually end a sentence. */
const TRAILING = '.,;:!?*_~';

/** Finds the links in a plain text. Only http, https and mailto become clickable. */
export function linkify(text: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const link = trim(match);
    if (!isAddress(link)) continue;
    if (index > from) stretches.push({ text: text.slice(from, index), href: null });
    stretches.push({ text: link, href: link });
    from = index + link.length;
  }
  if (from < text.length) stretches.push({ text: text.slice(from), href: null });
  return stretches;
}

/** A closing bracket belongs to the link only if it was opened inside it: `(see https://x.test/a_(b))`. */
function trim(match: string): string {
  const surplus = { ')': excess(match, '(', ')'), ']': excess(match, '[', ']') };
  let end = match.length;
  for (; end > 0; end--) {
    const last = match[end - 1];
    if ((last === ')' || last === ']') && surplus[last] > 0) surplus[last]--;
    else if (last === undefined || !TRAILING.includes(last)) break;
  }
  return match.slice(0, end);
}

/** How many brackets are closed but not opened. */
function excess(text: string, open: string, close: string): number {
  return text.split(close).length - text.split(open).length;
}

function isAddress(link: string): boolean {
  const url = URL.canParse(link) ? new URL(link) : null;
  return url !== null && (url.protocol === 'mailto:' ? url.pathname.includes('@') : url.hostname !== '');
}
