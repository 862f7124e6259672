import { VOID } from './foreign.ts';
import { isCamouflaged, type Look, OTHER, type OwnLook } from './look.ts';
import type { OpenTag } from './scan.ts';
import { Styles } from './sheet.ts';
import { gapAt, type SeenPiece, seenInHtml } from './text.ts';

/** An open element. */
interface Open {
  readonly name: string;
  readonly own: OwnLook;
  /** Whether only its summary is visible. */
  readonly folded: boolean;
  /** Whether it is the summary of the element around it. */
  readonly isSummary: boolean;
  look: Look;
}

const SHOWN: Look = { gone: false, invisible: false, sizeless: false, colour: null, ground: null };

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** A start tag ends the nearest element of `ends`, searching no further than the nearest of `within`. */
type Implied = readonly [ends: ReadonlySet<string>, within: ReadonlySet<string>];

/** End tags may be missing (HTML standard, 13.1.2.4). */
const IMPLIED: ReadonlyMap<string, Implied> = new Map<string, Implied>([
  ['li', [set('li p'), set('ul ol menu')]],
  ['dt', [set('dt dd p'), set('dl')]],
  ['dd', [set('dt dd p'), set('dl')]],
  ['td', [set('td th'), set('tr table')]],
  ['th', [set('td th'), set('tr table')]],
  ['tr', [set('tr'), set('table tbody thead tfoot')]],
  ['option', [set('option'), set('select optgroup')]],
]);
/** The rule for any other block. */
const ENDS_P: Implied = [set('p'), set('table td th caption button')];

/** Most open elements searched for the one that a tag ends. Nobody writes HTML with deeper nesting. */
const MAX_LOOKED_AT = 64;

/** Without one of these words nothing is hidden. */
const MAY_HIDE = /style|hidden|details|dialog|datalist|bgcolor/i;

/** Inline elements whose end tags end them even when a block was begun in them (HTML standard, 13.2.6.4.7). */
const FORMATTING = set('a b big code em font i nobr s small strike strong tt u');
/** But not from inside these. */
const SCOPES = set('caption html table td th');

/** They are blocks, but any end tag of an element around them ends them. */
const OPTIONS = set('option optgroup');

/**
 * The visible content after applying inline styles and the simple rules of style sheets. Leaves out `hidden`,
 * `display: none`, `visibility: hidden`, boxes of zero height or width, text of zero size or opacity or in its
 * background colour, and closed details. Ignores `mso-hide: all`: only Outlook hides that, and often shows something
 * else instead.
 */
export function* shownInHtml(html: string): Generator<SeenPiece> {
  if (!MAY_HIDE.test(html)) return yield* seenInHtml(html);
  const open = new OpenElements(new Styles(html));
  for (const piece of seenInHtml(html)) {
    if (piece.kind === 'text') {
      if (!isHidden(open.look)) yield piece;
    } else if (piece.kind === 'close') {
      open.end(piece.name);
      yield piece;
    } else {
      const look = open.start(piece);
      // An image has its own text.
      if (piece.name !== 'img' || !isHidden(look)) yield piece;
    }
  }
}

function isHidden(look: Look): boolean {
  return look.gone || look.invisible || look.sizeless || isCamouflaged(look);
}

/** The stack of open elements, roughly as in a browser (HTML standard, 13.2.6.4.7). */
class OpenElements {
  readonly #open: Open[] = [];
  readonly #counts = new Map<string, number>();
  readonly #styles: Styles;
  /** The folded element whose summary has begun. */
  #summarized: Open | undefined;

  constructor(styles: Styles) {
    this.#styles = styles;
  }

  /** The look of text at this place. */
  get look(): Look {
    return insideOf(this.#open.at(-1));
  }

  start(tag: OpenTag): Look {
    const { name } = tag;
    this.#endImplied(name);
    const around = this.#open.at(-1);
    const isSummary = name === 'summary' && around?.folded === true && around !== this.#summarized;
    if (isSummary) this.#summarized = around;
    const own = ownLookOf(tag, this.#styles.lookOf(tag));
    const look = lookIn(isSummary ? around.look : insideOf(around), own);
    if (VOID.has(name) || tag.selfClosing) return look;
    this.#open.push({ name, own, folded: name === 'details' && !tag.attributes.has('open'), isSummary, look });
    this.#counts.set(name, this.#count(name) + 1);
    return look;
  }

  end(name: string): void {
    if (this.#count(name) === 0) return;
    const block = isBlock(name);
    const last = block ? 0 : Math.max(0, this.#open.length - MAX_LOOKED_AT);
    let blocks = 0;
    for (let at = this.#open.length - 1; at >= last; at--) {
      const other = this.#open[at]?.name ?? '';
      if (other === name) return blocks === 0 ? this.#endFrom(at) : this.#takeOut(at);
      if (block || !isBlock(other)) continue;
      // The end tag of an inline element does not end a block.
      if (!FORMATTING.has(name) || SCOPES.has(other)) return;
      blocks++;
    }
  }

  /** Ends a formatting element, but not the blocks in it (HTML standard, 13.2.6.4.7, adoption agency algorithm). */
  #takeOut(at: number): void {
    const [{ name } = { name: '' }] = this.#open.splice(at, 1);
    this.#counts.set(name, this.#count(name) - 1);
    for (let index = at; index < this.#open.length; index++) {
      const [around, element] = [this.#open[index - 1], this.#open[index]];
      if (element) element.look = lookIn(element.isSummary && around ? around.look : insideOf(around), element.own);
    }
  }

  #count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  #endImplied(name: string): void {
    const rule = IMPLIED.get(name) ?? (isBlock(name) ? ENDS_P : undefined);
    if (!rule) return;
    const [ends, within] = rule;
    const last = Math.max(0, this.#open.length - MAX_LOOKED_AT);
    for (let at = this.#open.length - 1; at >= last; at--) {
      const other = this.#open[at]?.name ?? '';
      if (within.has(other)) return;
      if (ends.has(other)) return this.#endFrom(at);
    }
  }

  #endFrom(at: number): void {
    for (const { name } of this.#open.splice(at)) this.#counts.set(name, this.#count(name) - 1);
  }
}

function isBlock(name: string): boolean {
  return !OPTIONS.has(name) && gapAt(name) !== '' && gapAt(name) !== ' ';
}

function ownLookOf({ name, attributes }: OpenTag, own: OwnLook): OwnLook {
  const byDefault = attributes.has('hidden') || name === 'datalist' || (name === 'dialog' && !attributes.has('open'));
  if (byDefault && !own.displayed) return { ...own, gone: true };
  // A link has its own colour.
  return name === 'a' && own.colour === null && attributes.has('href') ? { ...own, colour: OTHER } : own;
}

/** How the contents of an element look. */
function insideOf(element: Open | undefined): Look {
  if (!element) return SHOWN;
  return element.folded ? { ...element.look, gone: true } : element.look;
}

function lookIn(around: Look, { gone, invisible, sizeless, colour, ground }: OwnLook): Look {
  return {
    gone: around.gone || gone,
    invisible: invisible ?? around.invisible,
    sizeless: sizeless ?? around.sizeless,
    colour: colour ?? around.colour,
    ground: ground ?? around.ground,
  };
}
