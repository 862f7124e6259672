/** What the form of a candidate says, without its context. */
export interface Looks {
  /** Without grouping spaces and hyphens; a code made of words keeps its hyphens. */
  readonly code: string;
  /** How unlikely its form makes a code; 0 for a likely one. */
  readonly doubt: number;
  /**
   * What the context must contain: `label`, a code is mentioned nearby; `tight`, exactly this is called a code, since
   * words and years look the same; `named`, the name of a one-time code.
   */
  readonly needs: 'label' | 'tight' | 'named';
}

/** Sizes of the groups in which codes are written. Other groups mean phone numbers or dates. */
const GROUPS = /^(?:[45678]|3,3|4,4|2,2,2|2,2,2,2|1(?:,1){3,7})$/;
const YEAR = /^(?:19|20)\d\d$/;
const DATE = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;
/** In `G-123456`, the letters before the hyphen are a prefix. */
const PREFIXED = /^[A-Z]{1,3}-\d{4,8}$/;
const BOXES = /^[A-Z0-9](?: [A-Z0-9]){3,9}$/;
/** Codes of letters only have no vowels, so that they spell no words (RFC 8628 §6.1). */
const NO_VOWELS = /^[B-DF-HJ-NP-TV-XZ]{5,8}$/;
const ONE_VOWEL = /^(?=.{6,8}$)[B-DF-HJ-NP-TV-XZ]*[AEIOUY][B-DF-HJ-NP-TV-XZ]*$/;
/** Discount codes like SAVE20, SUMMER2026, 20OFF. */
const SLOGAN = /^[A-Z]{4,}\d{1,4}$|^\d{1,3}(?:OFF|PERCENT)$/;
const OF_WORDS = /^[a-z]{3,12}(?:-[a-z]{3,12}){1,5}$/;

export function looksOf(written: string, adjectives: ReadonlySet<string>): Looks | null {
  if (!/[A-Za-z]/.test(written)) return looksOfNumber(written);
  if (/\s/.test(written)) {
    const boxes = written.replace(/\s/g, ' ');
    return BOXES.test(boxes) && /\d.*\d/.test(boxes) ? label(boxes.replaceAll(' ', ''), 0) : null;
  }
  if (PREFIXED.test(written)) return label(written, 2);
  if (OF_WORDS.test(written)) {
    return adjectives.has(written.slice(written.lastIndexOf('-') + 1)) ? null : needing('tight', written, 20);
  }
  return written.includes('-') ? looksOfGroups(written) : looksOfWord(written);
}

function looksOfNumber(written: string): Looks | null {
  if (written.length > 31) return null;
  const groups = written.split(/ - |[ \t-]/);
  const code = groups.join('');
  if (!GROUPS.test(groups.map(({ length }) => length).join(','))) return null;
  if (groups.every((group) => YEAR.test(group))) return groups.length === 1 ? needing('tight', code, 30) : null;
  if (DATE.test(code)) return needing('tight', code, 30);
  if (/^\d\d-\d\d-\d\d$/.test(written)) return label(code, 5);
  return label(code, code.length === 6 ? 0 : 3);
}

function looksOfGroups(written: string): Looks | null {
  const groups = written.split('-');
  const code = groups.join('');
  const alike = new Set(groups.map(({ length }) => length)).size === 1;
  if (!alike || groups.length > 3) return null;
  if (/^[A-Z0-9]{3,5}-/.test(written) && /^[A-Z0-9]+$/.test(code)) return label(code, /\d/.test(code) ? 2 : 8);
  return /^[a-z0-9]{3,5}-/.test(written) && /\d.*\d/.test(code) ? needing('tight', code, 15) : null;
}

function looksOfWord(code: string): Looks | null {
  if (NO_VOWELS.test(code)) return needing('tight', code, 30);
  if (ONE_VOWEL.test(code)) return needing('named', code, 35);
  if (!/\d/.test(code) || code.length > 10) return null;
  if (SLOGAN.test(code)) return needing('tight', code, 45);
  if (/^[A-Z0-9]+$/.test(code)) return label(code, 2);
  return code.length >= 6 && /\d.*\d/.test(code) ? needing('tight', code, 15) : null;
}

function label(code: string, doubt: number): Looks {
  return needing('label', code, doubt);
}

function needing(needs: Looks['needs'], code: string, doubt: number): Looks {
  return { code, doubt, needs };
}
