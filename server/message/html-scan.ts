import { decodeEntities } from './html-entities.ts';

/** What an HTML is made of. Names are in lower case; text has its entities decoded. */
export type HtmlPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

/** Their content is no HTML and not for the reader; they end only at their own end tag (HTML standard, 13.2.5). */
const RAW: ReadonlySet<string> = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
]);

const TAG_NAME = /<\/?([A-Za-z][^\s/>]{0,63})/y;
const BETWEEN = /[\s/]*/y;
const ATTRIBUTE = /([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;

/**
 * Reads an HTML piece by piece, however it is written. Left out are comments, Outlook's conditional ones among them, and
 * what stands in scripts, styles and templates. Costs the length of the HTML, whatever is in it.
 */
export function* scanHtml(html: string): Generator<HtmlPiece> {
  let templates = 0;
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const textEnd = open === -1 ? html.length : open;
    if (textEnd > at && templates === 0) yield { kind: 'text', text: decodeEntities(html.slice(at, textEnd)) };
    if (open === -1) return;
    const name = nameAt(html, open);
    if (name === null) {
      at = endOfOther(html, open);
      if (at === open + 1 && templates === 0) yield { kind: 'text', text: '<' };
      continue;
    }
    const { attributes, end } = readAttributes(html, TAG_NAME.lastIndex);
    at = end;
    const closing = html.charAt(open + 1) === '/';
    if (name === 'template') templates = Math.max(0, templates + (closing ? -1 : 1));
    else if (templates === 0) yield closing ? { kind: 'close', name } : { kind: 'open', name, attributes };
    if (!closing && RAW.has(name)) at = endOfRaw(html, name, at);
  }
}

function nameAt(html: string, open: number): string | null {
  TAG_NAME.lastIndex = open;
  return TAG_NAME.exec(html)?.[1]?.toLowerCase() ?? null;
}

/** The first of two attributes with one name counts (HTML standard, 13.2.5.33). */
function readAttributes(html: string, from: number): { attributes: ReadonlyMap<string, string>; end: number } {
  const attributes = new Map<string, string>();
  let at = from;
  while (at < html.length) {
    BETWEEN.lastIndex = at;
    BETWEEN.exec(html);
    at = BETWEEN.lastIndex;
    if (html.charAt(at) === '>') return { attributes, end: at + 1 };
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(html);
    if (match === null) {
      at++; // A stray equals sign.
      continue;
    }
    at = ATTRIBUTE.lastIndex;
    const [, name = '', double, single, bare] = match;
    const key = name.toLowerCase();
    // A quote that never ends would swallow the rest of the mail; its value is taken to the next blank.
    if (!attributes.has(key)) attributes.set(key, inAttribute(double ?? single ?? bare?.replace(/^["']/, '') ?? ''));
  }
  return { attributes, end: html.length };
}

const REFERENCE =
  /&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,15};|(?:amp|AMP|lt|gt|quot)(?![=A-Za-z0-9;]))/g;

/**
 * Decodes what is a reference in an attribute: `?a=1&copy=2` has none, since no semicolon ends it (HTML standard,
 * 13.2.5.73).
 */
function inAttribute(value: string): string {
  return value.includes('&') ? value.replace(REFERENCE, decodeEntities) : value;
}

/** The end of a comment or a declaration, or of a `<` that is only a char. Without an end they go to the end. */
function endOfOther(html: string, open: number): number {
  // `<!-->` is a whole comment (HTML standard, 13.2.5.44), so the search begins within its own start.
  if (html.startsWith('<!--', open)) return behind(html, '-->', open + 2);
  return /[!?/]/.test(html.charAt(open + 1)) ? behind(html, '>', open + 2) : open + 1;
}

/** Where the content of an element ends whose tags are not read, like that of a script. */
export function endOfRaw(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}[\\s/>]`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

/** The place behind the mark, or the end when it is not there. */
export function behind(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at === -1 ? html.length : at + mark.length;
}
