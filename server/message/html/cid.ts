import { type Attribute, type HtmlPiece, scanHtml } from './scan.ts';

/** Returns the URL for a Content-ID; undefined when the mail has no such part. */
export type FindPart = (contentId: string) => string | undefined;

/** A range of HTML source, and its replacement. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Attributes that hold a single URL. */
const URL_ATTRIBUTES: ReadonlySet<string> = new Set(
  'background data dynsrc href lowsrc poster src xlink:href'.split(' '),
);

/** Attributes that hold URLs among other text: image candidates, or CSS. */
const TEXT_ATTRIBUTES: ReadonlySet<string> = new Set(['fill', 'filter', 'imagesrcset', 'mask', 'srcset', 'style']);

/** Longer lists and styles in an attribute, in chars, are left as they are. */
const MAX_LIST = 262_144;

/** Longest Content-ID that is looked up: as long as a line may be (RFC 5322, 2.1.1). */
const MAX_CID = 998;
const WHOLE = new RegExp(`^[\\0- ]*cid:([^\\0- ]{1,${MAX_CID}})[\\0- ]*$`, 'i');
const AMONG_TEXT = new RegExp(`\\bcid:([^\\s"'<>()\\\\]{1,${MAX_CID}})`, 'gi');

/**
 * Finds the `cid:` URLs in HTML (RFC 2392), in attributes and in CSS, but not in visible text.
 * @param piece pieces of a scan, in order
 */
export function cidEditor(html: string, find: FindPart): (piece: HtmlPiece) => readonly Edit[] {
  let styleFrom: number | null = null;
  return (piece) => {
    if (piece.kind === 'text' || piece.kind === 'doctype') return [];
    if (piece.kind === 'close') {
      const from = styleFrom;
      styleFrom = null;
      if (piece.name !== 'style' || from === null) return [];
      const css = html.slice(from, piece.from);
      const text = inText(css, find);
      return text === css ? [] : [{ from, to: piece.from, text }];
    }
    if (piece.name === 'style') styleFrom = piece.to;
    return [...piece.attributes].flatMap(([name, attribute]) => inAttribute(name, attribute, find));
  };
}

function inAttribute(name: string, { value, from, to }: Attribute, find: FindPart): readonly Edit[] {
  const text = URL_ATTRIBUTES.has(name)
    ? partOf(WHOLE.exec(value)?.[1], find)
    : TEXT_ATTRIBUTES.has(name) && value.length <= MAX_LIST
      ? inText(value, find)
      : undefined;
  if (text === undefined || text === value) return [];
  // An attribute without quotes could end at a space or a `>`, so these are written as references as well.
  return [{ from, to, text: text.replace(/[\s&<>"'`=]/g, (char) => `&#${char.charCodeAt(0)};`) }];
}

/** Most references replaced in one CSS or one list. */
const MAX_REFERENCES = 1000;

function inText(text: string, find: FindPart): string {
  const pieces: string[] = [];
  const references = new RegExp(AMONG_TEXT);
  let at = 0;
  for (let count = 0; count < MAX_REFERENCES; count++) {
    const match = references.exec(text);
    if (match === null) break;
    // A comma after it ends a candidate in `srcset`.
    const [url, cid = ''] = match;
    const whole = partOf(cid, find);
    const part = whole ?? (cid.endsWith(',') ? partOf(cid.slice(0, -1), find) : undefined);
    if (part === undefined) continue;
    pieces.push(text.slice(at, match.index), part);
    at = match.index + url.length - (whole === undefined ? 1 : 0);
  }
  return pieces.join('') + text.slice(at);
}

/** Content-IDs should be percent-encoded in a URL (RFC 2392 §2), but not every sender does. They are case-sensitive. */
function partOf(cid: string | undefined, find: FindPart): string | undefined {
  return cid === undefined ? undefined : (find(cid) ?? find(percentDecoded(cid)));
}

function percentDecoded(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid; // A lone % is no escape.
  }
}

/** The Content-IDs of parts that the HTML shows, not of parts that it only links to. */
export function cidsOf(html: string): ReadonlySet<string> {
  const cids = new Set<string>();
  if (!/cid:|&/i.test(html)) return cids;
  const edits = cidEditor(html, (cid) => {
    cids.add(cid);
    return undefined;
  });
  for (const piece of scanHtml(html)) {
    if (piece.kind !== 'open' || !LINKS.has(piece.name)) edits(piece);
  }
  return cids;
}

const LINKS: ReadonlySet<string> = new Set(['a', 'area']);
