/** What an element does to the text in it. */
export interface Look {
  /** Not laid out: nothing inside can be seen again. */
  readonly gone: boolean;
  /** `visibility` and `font-size`, which an element inside can set anew. */
  readonly invisible: boolean;
  readonly sizeless: boolean;
}

/** What an element itself says; null where it says nothing. */
export interface OwnLook {
  readonly gone: boolean;
  readonly invisible: boolean | null;
  readonly sizeless: boolean | null;
  /** Whether it sets `display`, so that what browsers do to such an element by default no longer counts. */
  readonly displayed: boolean;
}

const PLAIN: OwnLook = { gone: false, invisible: null, sizeless: null, displayed: false };

/** What a `style` attribute says. Colours and positions are not looked at. */
export function lookOfStyle(source: string): OwnLook {
  if (source === '') return PLAIN;
  const style = declarationsOf(source);
  if (style.size === 0) return PLAIN;
  const visibility = style.get('visibility');
  return {
    gone: isGone(style),
    invisible: visibility === undefined || INHERITS.test(visibility) ? null : !/^(?:visible|initial)$/.test(visibility),
    sizeless: isSizeless(style.get('font-size')),
    displayed: style.has('display'),
  };
}

const MAX_STYLE = 4096;

const COMMENT = /\/\*.*?(?:\*\/|$)/gs;
/** Up to the next semicolon that is in no string and no brackets. */
const DECLARATION =
  /(?:[^;"'(\\]|\\.?|"(?:[^"\\]|\\.?)*(?:"|$)|'(?:[^'\\]|\\.?)*(?:'|$)|\((?:[^)\\]|\\.?)*(?:\)|$))+/gs;
const ESCAPE = /\\(?:([0-9a-f]{1,6})\s?|(.))/gis;
const IMPORTANT = /\s*!\s*important$/;

const ANYWHERE = /^(?:inherit|initial|unset|revert|revert-layer)$/;
const INHERITS = /^(?:inherit|unset|revert|revert-layer)$/;
const LENGTH =
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[a-z]+|%)?$|^(?:calc|min|max|clamp)\(|^(?:auto|none|(?:min|max|fit)-content)$/;

/** The properties that can hide something, and their values: browsers ignore a declaration with any other. */
const VALUES: ReadonlyMap<string, RegExp> = new Map([
  [
    'display',
    /^(?:(?:none|contents|block|inline|run-in|flow|flow-root|list-item|math|(?:inline-)?(?:block|table|flex|grid)|table-[a-z-]+|ruby(?:-[a-z-]+)?|-webkit-(?:inline-)?(?:box|flex))(?: +|$))+$/,
  ],
  ['visibility', /^(?:visible|hidden|collapse)$/],
  ['opacity', /^[+-]?(?:\d+\.?\d*|\.\d+)%?$/],
  [
    'font-size',
    /^\+?(?:\d+\.?\d*|\.\d+)(?:[a-z]+|%)?$|^(?:calc|min|max|clamp)\(|^(?:x{0,3}-?(?:small|large)|medium|smaller|larger|math)$/,
  ],
  ['overflow', /^(?:(?:visible|hidden|clip|scroll|auto|overlay)(?: +|$))+$/],
  ...['height', 'max-height', 'width', 'max-width'].map((name) => [name, LENGTH] as const),
]);

/** Of declarations of one property the last counts, but for those that are important (CSS Cascade 4, 6.1). */
function declarationsOf(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, { readonly value: string; readonly important: boolean }>();
  for (const [declaration] of source.slice(0, MAX_STYLE).replace(COMMENT, ' ').matchAll(DECLARATION)) {
    const colon = declaration.indexOf(':');
    const name = unescaped(declaration.slice(0, Math.max(0, colon)));
    const whole = unescaped(declaration.slice(colon + 1));
    const value = whole.replace(IMPORTANT, '');
    const important = value !== whole;
    const [property, own] = name === 'font' ? ['font-size', sizeInFont(value)] : [name, value];
    if (!VALUES.get(property)?.test(own) && !(VALUES.has(property) && ANYWHERE.test(own))) continue;
    if (important || !found.get(property)?.important) found.set(property, { value: own, important });
  }
  return new Map([...found].map(([name, { value }]) => [name, value]));
}

function unescaped(source: string): string {
  const text = source.replace(ESCAPE, (_, hex: string | undefined, char = '') => {
    const code = Number.parseInt(hex ?? '', 16);
    return hex === undefined ? char : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
  return text.trim().toLowerCase();
}

/** The size is followed by the family, with the height of the lines between them or not. */
function sizeInFont(font: string): string {
  return /(?:^|\s)([\d.]+[a-z%]*)(?:\s*\/\s*\S+)?\s+[^\d\s]/.exec(font)?.[1] ?? font;
}

const ZERO = /^[+-]?(?:0+\.?0*|\.0+)(?:[a-z]+|%)?$/;

function isGone(style: ReadonlyMap<string, string>): boolean {
  if (style.get('display') === 'none') return true;
  const isZero = (name: string) => ZERO.test(style.get(name) ?? '');
  if (isZero('opacity') || style.get('opacity')?.startsWith('-')) return true;
  const clipped = /^(?:hidden|clip)/.test(style.get('overflow') ?? '');
  return clipped && ['max-height', 'height', 'max-width', 'width'].some(isZero);
}

/** Whether the text has no size; null when it has that of the element around it, or a part of it. */
function isSizeless(size: string | undefined): boolean | null {
  if (size === undefined) return null;
  if (ZERO.test(size)) return true;
  return /%$|[\d.]em$|^(?:larger|smaller)$/.test(size) || INHERITS.test(size) ? null : false;
}
