import { decodeEntities } from './html-entities.ts';
import { behind, endOfRaw } from './html-scan.ts';

/** What stands in these is not text for the reader; they end only at their own end tag (HTML standard, 13.2.5). */
const SKIPPED: ReadonlySet<string> = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
]);

/** These may stand in a head; any other tag begins the body. */
const OF_HEAD: ReadonlySet<string> = new Set([
  'head',
  'html',
  'meta',
  'link',
  'base',
  'noscript',
  'template',
  ...SKIPPED,
]);

/** These don't part words: `<b>A</b>da` is read as Ada. */
export const INLINE: ReadonlySet<string> = new Set(
  `a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong
   sub sup tt u var wbr`.split(/\s+/),
);

const TAG = /<\/?([A-Za-z][^\s/>]{0,63})/y;

/**
 * The text that a reader of an HTML mail sees, with white space left as it comes. Hidden elements count as seen: that
 * would take a layout to tell. Costs the length of the HTML, whatever is in it.
 * @param limit stops at about so many chars of text
 */
export function textOfHtml(html: string, limit: number): string {
  const pieces: string[] = [];
  let length = 0;
  let inHead = false;
  let at = 0;
  const show = (text: string) => {
    if (inHead || text === '') return;
    pieces.push(text);
    length += text.length;
  };

  while (at < html.length && length < limit) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      show(html.slice(at));
      break;
    }
    show(html.slice(at, open));
    TAG.lastIndex = open;
    const name = TAG.exec(html)?.[1]?.toLowerCase();
    if (name === undefined) {
      const end = endOfOther(html, open);
      if (end === open + 1) show('<');
      at = end;
      continue;
    }
    const closing = html.charAt(open + 1) === '/';
    if (name === 'head') inHead = !closing;
    else if (inHead && !OF_HEAD.has(name)) inHead = false;
    if (!INLINE.has(name)) show(' ');
    at = endOfTag(html, open);
    if (!closing && SKIPPED.has(name)) at = endOfRaw(html, name, at);
  }
  return decodeEntities(pieces.join('').slice(0, limit));
}

/**
 * The end of a comment, a declaration, or of a `<` that is only a char. Without an end they go to the end of the HTML.
 */
function endOfOther(html: string, open: number): number {
  if (html.startsWith('<!--', open)) return behind(html, '-->', open + 4);
  const next = html.charAt(open + 1);
  return next === '!' || next === '?' || next === '/' ? behind(html, '>', open + 2) : open + 1;
}

/** The end of a tag; a > in a quoted attribute value isn't it. */
function endOfTag(html: string, open: number): number {
  let quote = '';
  for (let at = open + 1; at < html.length; at++) {
    const char = html.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '>') {
      return at + 1;
    } else if ((char === '"' || char === "'") && html.charAt(at - 1) === '=') {
      quote = char;
    }
  }
  return html.length;
}
