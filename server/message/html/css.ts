/** A value, and its precedence over others of the same property (CSS Cascade 4, 6.1). */
interface Declared {
  readonly value: string;
  readonly important: boolean;
  readonly rank: number;
}

/** By property, in lower case: only properties that can hide or colour something. */
export type Declarations = ReadonlyMap<string, Declared>;

/** Inline styles win over style sheets. */
export const INLINE = Number.POSITIVE_INFINITY;

const MAX_STYLE = 4096;

export const COMMENT = /\/\*.*?(?:\*\/|$)/gs;
/** Up to the next semicolon outside strings and brackets. */
const DECLARATION =
  /(?:[^;"'(\\]|\\.?|"(?:[^"\\]|\\.?)*(?:"|$)|'(?:[^'\\]|\\.?)*(?:'|$)|\((?:[^)\\]|\\.?)*(?:\)|$))+/gs;
const ESCAPE = /\\(?:([0-9a-f]{1,6})\s?|(.))/gis;
const IMPORTANT = /\s*!\s*important$/;

const ANYWHERE = /^(?:inherit|initial|unset|revert|revert-layer)$/;
const LENGTH =
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[a-z]+|%)?$|^(?:calc|min|max|clamp)\(|^(?:auto|none|(?:min|max|fit)-content)$/;
const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]+|[a-z]+\(.*\))$/;

/** The properties that matter, and their valid values: browsers ignore a declaration with an invalid one. */
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
  ...['color', 'background-color'].map((name) => [name, COLOUR] as const),
  ['background-image', /^(?:none$|[a-z-]+\()/],
]);

/** @param rank precedence of these declarations: higher wins, and the last of equals */
export function declarationsOf(source: string, rank: number): Declarations {
  const found = new Map<string, Declared>();
  for (const [declaration] of source.slice(0, MAX_STYLE).replace(COMMENT, ' ').matchAll(DECLARATION)) {
    const colon = declaration.indexOf(':');
    const name = unescaped(declaration.slice(0, Math.max(0, colon)));
    if (!VALUES.has(name) && name !== 'font' && name !== 'background') continue;
    const whole = unescaped(declaration.slice(colon + 1));
    const value = whole.replace(IMPORTANT, '');
    const important = value !== whole;
    for (const [property, own] of longhands(name, value)) {
      if (!VALUES.get(property)?.test(own) && !ANYWHERE.test(own)) continue;
      put(found, property, { value: own, important, rank });
    }
  }
  return found;
}

/** The winning declarations of several rules. */
export function cascade(all: readonly Declarations[]): Declarations {
  const found = new Map<string, Declared>();
  for (const declarations of all) for (const [property, declared] of declarations) put(found, property, declared);
  return found;
}

/** The same with another rank. */
export function ranked(declarations: Declarations, rank: number): Declarations {
  return new Map([...declarations].map(([property, declared]) => [property, { ...declared, rank }]));
}

function put(found: Map<string, Declared>, property: string, declared: Declared): void {
  const before = found.get(property);
  const wins = !before || (declared.important === before.important ? declared.rank >= before.rank : declared.important);
  if (wins) found.set(property, declared);
}

function unescaped(source: string): string {
  if (!source.includes('\\')) return source.trim().toLowerCase();
  const text = source.replace(ESCAPE, (_, hex: string | undefined, char = '') => {
    const code = Number.parseInt(hex ?? '', 16);
    return hex === undefined ? char : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
  return text.trim().toLowerCase();
}

/** Expands a property into the longhands that matter. */
function longhands(name: string, value: string): readonly (readonly [property: string, value: string])[] {
  if (name === 'font') return [['font-size', sizeInFont(value)]];
  if (name !== 'background') return [[name, value]];
  return [
    ['background-color', COLOUR_AMONG.exec(value)?.[1] ?? (COLOUR.test(value) ? value : 'transparent')],
    ['background-image', /url\(|gradient\(|image/.test(value) ? 'url()' : 'none'],
  ];
}

/** A colour that can be told from the other words of a background. */
const COLOUR_AMONG = /(?:^|\s)(#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([^)]*\)|white|black)(?=\s|$)/;

/** The size precedes the family, with an optional line height in between. */
function sizeInFont(font: string): string {
  return /(?:^|\s)([\d.]+[a-z%]*)(?:\s*\/\s*\S+)?\s+[^\d\s]/.exec(font)?.[1] ?? font;
}
