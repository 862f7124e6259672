import type { OpenTag } from './scan.ts';
import { gapAt, type SeenPiece, seenInHtml } from './text.ts';

/** What an element does to the text in it. */
interface Look {
  /** Not laid out: nothing inside can be seen again. */
  readonly gone: boolean;
  /** `visibility` and `font-size`, which an element inside can set anew. */
  readonly invisible: boolean;
  readonly sizeless: boolean;
}

interface Open {
  readonly name: string;
  readonly look: Look;
}

const SHOWN: Look = { gone: false, invisible: false, sizeless: false };

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Elements without content and without an end tag (HTML standard, 13.1.2). */
const VOID = set('area base basefont br col embed frame hr img input link meta param source track wbr');

/** A start tag ends the nearest of these, but looks for it only inside the nearest of those. */
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
/** What any other block does. */
const ENDS_P: Implied = [set('p'), set('table td th caption button')];

/** No more open elements are looked at for the one that a tag ends. Deeper nesting is not HTML that anybody writes. */
const MAX_LOOKED_AT = 64;

/** Without one of these words nothing is hidden. */
const MAY_HIDE = /hid|none|clip|collapse|opacity|font/i;

/**
 * What a reader sees when the styles of the elements themselves are applied: without `hidden`, `display: none`,
 * `visibility: hidden`, boxes without a height or width, and text without a size or opacity. `mso-hide: all` counts
 * too, since it comes with text that nobody is to see. Rules of style sheets and colours are not looked at.
 */
export function* shownInHtml(html: string): Generator<SeenPiece> {
  if (!MAY_HIDE.test(html)) return yield* seenInHtml(html);
  const open = new OpenElements();
  for (const piece of seenInHtml(html)) {
    if (piece.kind === 'text') {
      if (!isHidden(open.look)) yield piece;
    } else if (piece.kind === 'close') {
      open.end(piece.name);
      yield piece;
    } else {
      const look = open.start(piece);
      // A picture has a text of its own.
      if (piece.name !== 'img' || !isHidden(look)) yield piece;
    }
  }
}

function isHidden({ gone, invisible, sizeless }: Look): boolean {
  return gone || invisible || sizeless;
}

/** The elements that are open at a place, roughly as a browser would have them (HTML standard, 13.2.6.4.7). */
class OpenElements {
  readonly #open: Open[] = [];
  readonly #counts = new Map<string, number>();

  get look(): Look {
    return this.#open.at(-1)?.look ?? SHOWN;
  }

  start(tag: OpenTag): Look {
    const { name } = tag;
    this.#endImplied(name);
    const look = lookOf(tag, this.look);
    if (VOID.has(name)) return look;
    this.#open.push({ name, look });
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    return look;
  }

  end(name: string): void {
    if ((this.#counts.get(name) ?? 0) === 0) return;
    const block = isBlock(name);
    const last = block ? 0 : Math.max(0, this.#open.length - MAX_LOOKED_AT);
    for (let at = this.#open.length - 1; at >= last; at--) {
      const other = this.#open[at]?.name ?? '';
      if (other === name) return this.#endFrom(at);
      // The end tag of an inline element does not end a block.
      if (!block && isBlock(other)) return;
    }
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
    for (const { name } of this.#open.splice(at)) this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
  }
}

function isBlock(name: string): boolean {
  return gapAt(name).length > 0 && gapAt(name) !== ' ';
}

function lookOf({ attributes }: OpenTag, around: Look): Look {
  const style = declarationsOf(attributes.get('style')?.value ?? '');
  const hidden = attributes.has('hidden') && !style.has('display');
  if (!hidden && style.size === 0) return around;
  const { gone, invisible, sizeless } = around;
  return {
    gone: gone || hidden || isGone(style),
    invisible: style.has('visibility') ? style.get('visibility') !== 'visible' : invisible,
    sizeless: sizeOf(style) ?? sizeless,
  };
}

const MAX_STYLE = 4096;

/** The last of two counts; which of them is important does not matter to a mail. */
function declarationsOf(style: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (style === '') return found;
  for (const one of style.slice(0, MAX_STYLE).toLowerCase().split(';')) {
    const colon = one.indexOf(':');
    if (colon > 0)
      found.set(
        one.slice(0, colon).trim(),
        one
          .slice(colon + 1)
          .replace('!important', '')
          .trim(),
      );
  }
  return found;
}

const ZERO = /^[+-]?0*\.?0+(?:[a-z]+|%)?$/;

function isGone(style: ReadonlyMap<string, string>): boolean {
  if (style.get('display') === 'none' || style.get('mso-hide') === 'all') return true;
  const isZero = (name: string) => ZERO.test(style.get(name) ?? '');
  if (isZero('opacity')) return true;
  const clipped = /^(?:hidden|clip)/.test(style.get('overflow') ?? '');
  return clipped && ['max-height', 'height', 'max-width', 'width'].some(isZero);
}

/** Whether the text has no size; undefined when it has that of the element around it. */
function sizeOf(style: ReadonlyMap<string, string>): boolean | undefined {
  const size = style.get('font-size') ?? /(?:^|\s)([\d.]+[a-z%]*)(?:\s*\/|\s)/.exec(style.get('font') ?? '')?.[1];
  if (size === undefined || size === '') return undefined;
  if (ZERO.test(size)) return true;
  // A part of nothing is nothing.
  return /%$|[\d.]em$|^(?:inherit|larger|smaller|unset)$/.test(size) ? undefined : false;
}
