import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { ForeignContent } from './foreign.ts';
import { type EndTag, misread, type Place } from './misread.ts';

/** The tokens of HTML, in order. Names are in lower case; positions are in the source. */
export type HtmlPiece =
  /** Text with its entities decoded. Long text comes in several pieces. */
  | { readonly kind: 'text'; readonly text: string; readonly inside: Inside }
  | OpenTag
  | { readonly kind: 'close'; readonly name: string; readonly from: number; readonly inside: Inside }
  | { readonly kind: 'doctype'; readonly to: number };

/** The raw text element around it; in SVG and MathML, the invisible element around it. */
type Inside = string | null;

export interface OpenTag {
  readonly kind: 'open';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Whether it is written `<a/>` in SVG or MathML: HTML ignores that. */
  readonly selfClosing: boolean;
  readonly inside: Inside;
  /** Just after the name. */
  readonly nameEnd: number;
  /** Just after the `>`. */
  readonly to: number;
}

export interface Attribute {
  /** Entities decoded. */
  readonly value: string;
  /** The value as written, without its quotes. */
  readonly from: number;
  readonly to: number;
}

/** Raw text elements: their content has no tags; each ends only at its own end tag (HTML standard, 13.2.5). */
const RAW: ReadonlySet<string> = new Set(
  'iframe noembed noframes plaintext script style textarea title xmp'.split(' '),
);

/** Chars per step, which takes less than a millisecond. */
const STEP = 16_384;

/** Most attributes kept per tag. */
const MAX_ATTRIBUTES = 1000;

/**
 * Tokenizes HTML as a browser does (HTML standard, 13.2.5), without comments. Never throws; takes linear time.
 */
export function* scanHtml(html: string): Generator<HtmlPiece> {
  for (const pieces of scanInSteps(html)) yield* pieces;
}

/** The same in steps of bounded length, so that callers can do other work in between. */
export function* scanInSteps(html: string): Generator<readonly HtmlPiece[]> {
  const found: HtmlPiece[] = [];
  const place = new Current();
  const tokenizer = new Tokenizer({}, collect(html, found, place));
  const marks = misread(html);
  let mark = marks.next();
  let endTag: EndTag | null = null;
  for (let at = 0; at < html.length; ) {
    const end = Math.min(at + STEP, html.length);
    // Only the tokenizer sees what it gets instead: all text is taken from the source.
    const hideAttributes = (tag: EndTag) => {
      const hidden = tag.read(html, at, end) - at;
      tokenizer.write('?'.repeat(hidden));
      at += hidden;
      endTag = tag.ended ? null : tag;
    };
    if (endTag) hideAttributes(endTag);
    for (; !mark.done && mark.value.at < end; mark = marks.next()) {
      if (mark.value.at < at) continue;
      tokenizer.write(html.slice(at, mark.value.at));
      at = mark.value.at;
      const instead = mark.value.instead(place);
      if (typeof instead !== 'string') hideAttributes(instead);
      else {
        tokenizer.write(instead);
        at += instead.length;
      }
    }
    tokenizer.write(html.slice(at, end));
    at = Math.max(at, end);
    yield found.splice(0);
  }
  tokenizer.end();
  yield found;
}

/** Pieces of text joined at a time. */
const BUNCH = 1024;

/**
 * Builds a text from many small pieces. Appending a million pieces to a string one by one makes a rope of a million
 * nodes, which slows down each garbage collection.
 */
class GrowingText {
  #joined = '';
  readonly #pieces: string[] = [];

  add(piece: string): void {
    if (this.#pieces.push(piece) === BUNCH) this.#joined += this.#pieces.splice(0).join('');
  }

  get text(): string {
    return this.#joined + this.#pieces.join('');
  }
}

const BEFORE_VALUE = /[\t\n\f\r ]*=[\t\n\f\r ]*["']?/y;

/** Where the tokenizer is. */
class Current implements Place {
  raw: string | null = null;
  closed = 0;
  readonly foreign = new ForeignContent();

  get isForeign(): boolean {
    return this.foreign.isForeign;
  }
}

/** Collects the tokenizer's results in `found`. */
function collect(html: string, found: HtmlPiece[], place: Current): TokenizerCallbacks {
  let tag = { name: '', nameEnd: 0, attributes: new Map<string, Attribute>() };
  const { foreign } = place;
  let attribute = { name: '', nameEnd: 0, value: new GrowingText() };
  const hasNul = html.includes('\0');
  const text = (piece: string) => {
    const inside = place.raw ?? foreign.unseenText;
    // Browsers drop NUL, or show that something was there (HTML standard, 13.2.5.1 and 13.2.6.4.7).
    const nul = place.raw === null && !place.isForeign ? '' : '\ufffd';
    found.push({ kind: 'text', text: hasNul ? piece.replaceAll('\0', nul) : piece, inside });
  };
  const endLink = (from: number, inside: Inside) => {
    if (foreign.takeLeftLink()) found.push({ kind: 'close', name: 'a', from, inside });
  };
  const open = (end: number, written: boolean) => {
    const around = foreign.unseen;
    const opened = foreign.open(tag.name, tag.attributes, written);
    endLink(tag.nameEnd - tag.name.length - 1, around);
    // In MathML it is no link.
    if (tag.name === 'a' && foreign.isMath) return;
    // In SVG it is nothing special: its content is not left out.
    if (tag.name === 'template' && opened !== 'html') return;
    found.push({ kind: 'open', ...tag, selfClosing: opened === 'empty', inside: around, to: end + 1 });
    if (opened === 'html' && RAW.has(tag.name)) place.raw = tag.name;
  };
  return {
    ontext(from, to) {
      // At the end of the source, an unfinished end tag is passed as text that begins at -1.
      if (from >= 0) text(html.slice(from, to));
    },
    ontextentity: (code) => text(String.fromCodePoint(code)),
    onopentagname(from, to) {
      tag = { name: html.slice(from, to).toLowerCase(), nameEnd: to, attributes: new Map() };
    },
    onattribname(from, to) {
      attribute = { name: html.slice(from, to).toLowerCase(), nameEnd: to, value: new GrowingText() };
    },
    onattribdata(from, to) {
      attribute.value.add(html.slice(from, to));
    },
    onattribentity(code) {
      attribute.value.add(String.fromCodePoint(code));
    },
    onattribend(quote, end) {
      const { name, nameEnd, value } = attribute;
      // The first of two attributes with one name counts (HTML standard, 13.2.5.33).
      if (tag.attributes.has(name) || tag.attributes.size >= MAX_ATTRIBUTES) return;
      BEFORE_VALUE.lastIndex = nameEnd;
      const from = BEFORE_VALUE.test(html) ? BEFORE_VALUE.lastIndex : nameEnd;
      const quoted = quote === QuoteType.Single || quote === QuoteType.Double;
      tag.attributes.set(name, {
        value: value.text.replaceAll('\0', '\ufffd'),
        from,
        to: Math.max(from, quoted ? end - 1 : end),
      });
    },
    onopentagend: (end) => open(end, false),
    // The tokenizer allows space between the two.
    onselfclosingtag: (end) => open(end, html[end - 1] === '/'),
    onclosetag(from, to) {
      place.raw = null;
      const name = html.slice(from, to).toLowerCase();
      place.closed = to;
      const { isForeign, isMath } = foreign;
      foreign.close(name);
      endLink(from - 2, foreign.unseen);
      if ((name === 'template' && isForeign) || (name === 'a' && isMath)) return;
      found.push({ kind: 'close', name, from: from - 2, inside: foreign.unseen });
    },
    oncdata(from, to, atEnd) {
      if (foreign.isForeign) text(html.slice(from, to - atEnd));
    },
    isInForeignContext: () => foreign.isForeign,
    oncomment() {},
    ondeclaration(from, to) {
      if (/^doctype\b/i.test(html.slice(from, from + 8))) found.push({ kind: 'doctype', to: to + 1 });
    },
    onprocessinginstruction() {},
    onend() {},
  };
}
