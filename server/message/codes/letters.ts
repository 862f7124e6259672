/** The kind of a character in a folded text. */
export const Letter = { none: 0, digit: 1, upper: 2, lower: 3, other: 4 } as const;

const TABLE = letterTable();

/**
 * The kind of a letter or digit in scripts that separate words by spaces (Latin, Greek, Cyrillic). `other` letters
 * never occur in codes. In all other scripts a word may begin anywhere.
 */
export function letterAt(units: Uint16Array, at: number): number {
  const code = units[at] ?? 0;
  return code < TABLE.length ? (TABLE[code] ?? Letter.none) : Letter.none;
}

function letterTable(): Uint8Array {
  const table = new Uint8Array(0x1f00 + 0x100);
  const set = (from: number, to: number, kind: number) => table.fill(kind, from, to + 1);
  set(0x30, 0x39, Letter.digit);
  set(0x41, 0x5a, Letter.upper);
  set(0x61, 0x7a, Letter.lower);
  set(0x5f, 0x5f, Letter.other);
  set(0xc0, 0x24f, Letter.other);
  set(0x370, 0x52f, Letter.other);
  set(0x1e00, 0x1fff, Letter.other);
  set(0xd7, 0xd7, Letter.none);
  set(0xf7, 0xf7, Letter.none);
  return table;
}
