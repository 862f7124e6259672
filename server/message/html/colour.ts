const NAMES: ReadonlyMap<string, string> = new Map([
  ['black', '#000000'],
  ['blue', '#0000ff'],
  ['gray', '#808080'],
  ['green', '#008000'],
  ['grey', '#808080'],
  ['red', '#ff0000'],
  ['silver', '#c0c0c0'],
  ['white', '#ffffff'],
  ['yellow', '#ffff00'],
]);

const KEYWORD = /^(?:inherit|initial|unset|revert|revert-layer|currentcolor)$/;
const RGB = /^rgba?\( *(\d{1,3})[ ,]+(\d{1,3})[ ,]+(\d{1,3}) *(?:[,/] *([\d.]+%?) *)?\)$/;

/**
 * Normalizes an opaque colour to `#rrggbb`, so that equal colours compare equal; rarer names stay as they are. Null for
 * transparent colours, keywords and other notations.
 */
export function colourOf(value: string): string | null {
  if (KEYWORD.test(value)) return null;
  const [, red, green, blue, alpha = '1'] = RGB.exec(value) ?? [];
  if (red !== undefined) return isOpaque(alpha) ? `#${[red, green, blue].map(hex).join('')}` : null;
  if (!value.startsWith('#'))
    return /^[a-z]+$/.test(value) && value !== 'transparent' ? (NAMES.get(value) ?? value) : null;
  const digits = value.length < 6 ? value.slice(1).replace(/./g, '$&$&') : value.slice(1);
  return digits.length === 6 || digits.endsWith('ff') ? `#${digits.slice(0, 6)}` : null;
}

function isOpaque(alpha: string): boolean {
  return alpha.endsWith('%') ? Number.parseFloat(alpha) >= 100 : Number(alpha) >= 1;
}

function hex(decimal = ''): string {
  return Math.min(255, Number(decimal)).toString(16).padStart(2, '0');
}
