const DROP = 0xffff;
const SPACE = 0x20;
const TAB = 0x09;
const NEWLINE = 0x0a;
const FULL_WIDTH = { first: 0xff01, last: 0xff5e, offset: 0xfee0 };
/** Not folded to ASCII: that would join numbers that a reader sees as separate (`482913，10`). */
const KEPT_WIDE: ReadonlySet<string> = new Set('，；！？');
/** The zero of each script; its other digits follow. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50];
/** Invisible characters and combining accents; words are recognized without them. */
const INVISIBLE = [
  [0xad, 0xad],
  [0x0300, 0x036f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
] as const;
/** The last letter with two cases, except a few that no word needs. */
const CASED_END = 0x1fff;

const FOLDED = foldTable();
const LOWER = lowerTable();

/** URLs and email addresses. Numbers in them are not codes to type: a link is clicked. */
const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"'()]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}/gi;
/** Every URL or email address contains one of these. */
const ADDRESS_SIGNS = ['@', '://', 'www.', 'WWW.'];
const ADDRESS_SIGN = '\ufffc';

/** A folded text, and its UTF-16 units followed by a 0. Reading the units is faster than `charCodeAt`. */
export interface Folded {
  readonly text: string;
  readonly units: Uint16Array;
}

/**
 * Folds a text in one pass, to search it for codes: ASCII digits, hyphens and spaces, no invisible characters, no empty
 * lines, single spaces. Tabs stay, since they separate cells. URLs and email addresses become a placeholder.
 */
export function fold(text: string): Folded {
  const source = ADDRESS_SIGNS.some((sign) => text.includes(sign)) ? text.replace(ADDRESS, ADDRESS_SIGN) : text;
  const units = new Uint16Array(source.length + 1);
  const octets = Buffer.from(units.buffer);
  octets.write(source, 'utf16le');
  let length = 0; // Folding never makes a text longer, so it can be done in place.
  let gap = NEWLINE; // No gap before the first word.
  for (let at = 0; at < source.length; at++) {
    const code = FOLDED[units[at] ?? 0] ?? DROP;
    if (code > SPACE) {
      if (code === DROP) continue;
      if (gap !== 0) {
        if (length > 0) units[length++] = gap;
        gap = 0;
      }
      units[length++] = code;
    } else if (gap !== NEWLINE && (gap !== TAB || code === NEWLINE)) {
      gap = code;
    }
  }
  units[length] = 0;
  return { text: octets.toString('utf16le', 0, length * 2), units: units.subarray(0, length + 1) };
}

/** A UTF-16 unit of a folded text, in lower case. */
export function lowerAt(units: Uint16Array, at: number): number {
  const code = units[at] ?? 0;
  return code <= CASED_END ? (LOWER[code] ?? code) : code;
}

/** Folds a phrase like a text, in lower case. */
export function lowered(phrase: string): string {
  let lower = '';
  for (let at = 0; at < phrase.length; at++) {
    const code = FOLDED[phrase.charCodeAt(at)] ?? DROP;
    if (code !== DROP) lower += String.fromCharCode(code <= CASED_END ? (LOWER[code] ?? code) : code);
  }
  return lower;
}

function foldTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (let code = 0; code < table.length; code++) table[code] = code;
  const set = (from: number, to: number, code: (at: number) => number) => {
    for (let at = from; at <= to; at++) table[at] = code(at);
  };
  set(FULL_WIDTH.first, FULL_WIDTH.last, (at) =>
    KEPT_WIDE.has(String.fromCharCode(at)) ? at : at - FULL_WIDTH.offset,
  );
  for (const zero of ZEROS) set(zero, zero + 9, (at) => 0x30 + at - zero);
  for (const [from, to] of INVISIBLE) set(from, to, () => DROP);
  set(0, 0x1f, () => SPACE);
  for (const space of [0x7f, 0x85, 0xa0, 0x1680, 0x202f, 0x205f, 0x3000]) table[space] = SPACE;
  set(0x2000, 0x200a, () => SPACE);
  table[TAB] = TAB;
  for (const line of [0x0a, 0x0d, 0x2028, 0x2029]) table[line] = NEWLINE;
  for (const hyphen of [0x2010, 0x2011, 0x2012, 0x2013, 0x2212]) table[hyphen] = 0x2d;
  for (const quote of [0x2018, 0x2019]) table[quote] = 0x27;
  table[0x130] = 0x49; // The lower case of İ is two units.
  return table;
}

function lowerTable(): Uint16Array {
  const table = Uint16Array.from({ length: CASED_END + 1 }, (_, code) => {
    const lower = String.fromCharCode(code).toLowerCase();
    return lower.length === 1 ? lower.charCodeAt(0) : code;
  });
  table[0x3c2] = 0x3c3; // Both small sigmas have the same capital.
  return table;
}
