import { type OpenTag, scanHtml } from './scan.ts';

/** What separates two pieces of text: nothing, a space, the next cell, the next line, an empty line. */
type Gap = '' | ' ' | '\t' | '\n' | '\n\n';

/** In increasing order; a larger gap replaces a smaller one. */
const GAPS: readonly Gap[] = ['', ' ', '\t', '\n', '\n\n'];

const words = (text: string) => text.trim().split(/\s+/);

/** How elements separate the text around them (HTML standard, 15.3). Others, like `<b>`, don't: `<b>A</b>da` is Ada. */
const GAP_AT: ReadonlyMap<string, Gap> = new Map<string, Gap>([
  ...words('blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre ul').map((name) => [name, '\n\n'] as const),
  ...words(
    `address article aside body br caption center col colgroup dd details dialog dir div dt fieldset figcaption figure
     footer form frameset head header hgroup html legend li listing main menu nav optgroup option plaintext search
     section summary table tbody tfoot thead title tr xmp`,
  ).map((name) => [name, '\n'] as const),
  ...words('td th').map((name) => [name, '\t'] as const),
  ...words('audio button canvas embed iframe img input math meter object progress select svg textarea video').map(
    (name) => [name, ' '] as const,
  ),
]);

/** White space is significant in these. */
const PREFORMATTED: ReadonlySet<string> = new Set(words('listing plaintext pre textarea xmp'));

/** Raw text elements whose content is visible. */
const SHOWN: ReadonlySet<string> = new Set(words('plaintext textarea xmp'));

/** The visible pieces of HTML: text, and tags. */
export type SeenPiece =
  | { readonly kind: 'text'; readonly text: string }
  | OpenTag
  | { readonly kind: 'close'; readonly name: string };

/** How the element separates the text around it. */
export function gapAt(name: string): Gap {
  return GAP_AT.get(name) ?? '';
}

/**
 * The HTML without what browsers never show, like styles, scripts, titles and templates. Keeps what CSS hides: inboxes
 * show the hidden line at the top of a mail as its preview. `shownInHtml` leaves it out.
 */
export function* seenInHtml(html: string): Generator<SeenPiece> {
  let templates = 0;
  for (const piece of scanHtml(html)) {
    if (piece.kind === 'doctype' || (piece.inside !== null && !SHOWN.has(piece.inside))) {
      // Nobody sees it.
    } else if (piece.kind === 'text') {
      if (templates === 0) yield piece;
    } else if (piece.name === 'template') {
      templates = Math.max(0, templates + (piece.kind === 'open' ? 1 : -1));
    } else if (templates === 0) {
      yield piece;
    }
  }
}

/**
 * The text of an HTML mail in lines: blocks on separate lines, tabs between the cells of a row, an empty line between
 * paragraphs. Images are replaced by their alternative text.
 * @param limit stops after about this many chars of text
 */
export function textOfHtml(html: string, limit: number): string {
  return textOfPieces(seenInHtml(html), limit);
}

export function textOfPieces(pieces: Iterable<SeenPiece>, limit: number): string {
  const lines = new TextLines();
  let preformatted = 0;
  for (const piece of pieces) {
    if (lines.length >= limit) break;
    if (piece.kind === 'text') {
      lines.show(piece.text, preformatted > 0);
      continue;
    }
    const { kind, name } = piece;
    if (PREFORMATTED.has(name)) preformatted = Math.max(0, preformatted + (kind === 'open' ? 1 : -1));
    if (name === 'br') lines.break();
    else lines.part(gapAt(name));
    if (name === 'img' && kind === 'open') {
      lines.show(piece.attributes.get('alt')?.value ?? '', false);
      lines.part(' ');
    }
  }
  return lines.text.slice(0, limit);
}

/** Joins text with one gap between any two pieces. */
class TextLines {
  length = 0;
  readonly #pieces: string[] = [];
  #gap: Gap = '';

  get text(): string {
    return this.#pieces.join('');
  }

  part(gap: Gap): void {
    if (GAPS.indexOf(gap) > GAPS.indexOf(this.#gap)) this.#gap = gap;
  }

  /** A second line break in a row leaves a line empty. */
  break(): void {
    this.#gap = this.#gap === '\n' || this.#gap === '\n\n' ? '\n\n' : '\n';
  }

  show(text: string, preformatted: boolean): void {
    // A non-breaking space does not collapse.
    const pieces = preformatted ? text.split(/\r\n?|\n/) : [text.replace(/[\t\n\f\r ]+/g, ' ')];
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.break();
      const indented = preformatted && piece.trim() !== '';
      if (!indented && /^ /.test(piece)) this.part(' ');
      this.#write(indented ? piece : trimSpaces(piece));
      if (!indented && / $/.test(piece)) this.part(' ');
    }
  }

  #write(text: string): void {
    if (text === '') return;
    if (this.length > 0) this.#pieces.push(this.#gap);
    this.#pieces.push(text);
    this.length += text.length + this.#gap.length;
    this.#gap = '';
  }
}

/** Removes at most one space at either end; collapsing leaves no more. */
function trimSpaces(text: string): string {
  return text.slice(text.startsWith(' ') ? 1 : 0, text.endsWith(' ') ? -1 : undefined);
}
