import { colourOf } from './colour.ts';
import type { Declarations } from './css.ts';

/** What an element does to the text in it. */
export interface Look {
  /** Not laid out: nothing inside can become visible again. */
  readonly gone: boolean;
  /** `visibility` and `font-size`, which an element inside can override. */
  readonly invisible: boolean;
  readonly sizeless: boolean;
  /** Colours of the text and of its background; null if unknown. */
  readonly colour: string | null;
  readonly ground: string | null;
}

/** What an element itself sets; null where it sets nothing. */
export interface OwnLook {
  readonly gone: boolean;
  readonly invisible: boolean | null;
  readonly sizeless: boolean | null;
  readonly colour: string | null;
  readonly ground: string | null;
  /** Whether it sets `display`, which overrides the browser's default for the element. */
  readonly displayed: boolean;
}

/** An unknown colour, which equals no other. */
export const OTHER = 'other';

const PLAIN: OwnLook = {
  gone: false,
  invisible: null,
  sizeless: null,
  colour: null,
  ground: null,
  displayed: false,
};

const INHERITS = /^(?:inherit|unset|revert|revert-layer)$/;

/** How styles make an element look. Text that is moved out of view is not recognized. */
export function lookOf(style: Declarations): OwnLook {
  if (style.size === 0) return PLAIN;
  const visibility = style.get('visibility')?.value;
  const color = style.get('color')?.value;
  return {
    gone: isGone(style),
    invisible: visibility === undefined || INHERITS.test(visibility) ? null : !/^(?:visible|initial)$/.test(visibility),
    sizeless: isSizeless(style.get('font-size')?.value),
    colour: color === undefined || INHERITS.test(color) ? null : (colourOf(color) ?? OTHER),
    ground: groundOf(style),
    displayed: style.has('display'),
  };
}

const ZERO = /^[+-]?(?:0+\.?0*|\.0+)(?:[a-z]+|%)?$/;

function isGone(style: Declarations): boolean {
  if (style.get('display')?.value === 'none') return true;
  const isZero = (name: string) => ZERO.test(style.get(name)?.value ?? '');
  if (isZero('opacity') || style.get('opacity')?.value.startsWith('-')) return true;
  const clipped = /^(?:hidden|clip)/.test(style.get('overflow')?.value ?? '');
  return clipped && ['max-height', 'height', 'max-width', 'width'].some(isZero);
}

/** Whether the text has zero size; null when the size is inherited or relative. */
function isSizeless(size: string | undefined): boolean | null {
  if (size === undefined) return null;
  if (ZERO.test(size)) return true;
  return /%$|[\d.]em$|^(?:larger|smaller)$/.test(size) || INHERITS.test(size) ? null : false;
}

/** The background's colour; null if there is no background. */
function groundOf(style: Declarations): string | null {
  const image = style.get('background-image')?.value ?? 'none';
  if (image.includes('(')) return OTHER;
  const colour = style.get('background-color')?.value;
  if (colour === undefined || /^(?:transparent|inherit|initial|unset|revert|revert-layer)$/.test(colour)) return null;
  // Half transparent, or in another notation.
  return colourOf(colour) ?? OTHER;
}

/** Whether the text has the colour of its background. */
export function isCamouflaged({ colour, ground }: Look): boolean {
  return colour !== null && colour !== OTHER && colour === ground;
}
