/** Something that looks like a code. */
export interface Token {
  /** Without the blanks and hyphens that group it. */
  readonly code: string;
  readonly start: number;
  readonly end: number;
  /** How much its looks speak against it, from 0. */
  readonly doubt: number;
  /**
   * What must be said of it: `label` that there is a code near, `tight` that it is this one, since words and years
   * look the same.
   */
  readonly needs: 'label' | 'tight';
}

type Looks = Omit<Token, 'start' | 'end'>;

/** Letters and digits of scripts with words, and what joins them. */
const WORD = 'A-Za-z0-9_\\u00c0-\\u024f\\u0370-\\u052f';
const NUMBERS = new RegExp(`(?<![${WORD}]|[${WORD}]-)\\d+(?:(?: - |[ -])\\d+)*`, 'g');
const WORDS = new RegExp(`(?<![${WORD}-])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*`, 'g');
const BOXES = new RegExp(`(?<![${WORD}])[A-Z0-9](?: [A-Z0-9]){3,9}(?! ?[${WORD}])`, 'g');
const GOES_ON = new RegExp(`^-?[${WORD}]`);

/** What looks like a code in a folded line, in order. Takes time in proportion to the line. */
export function tokensOf(line: string): readonly Token[] {
  if (!/\d|[A-Z]{3}/.test(line)) return [];
  const tokens: Token[] = [];
  const find = (pattern: RegExp, judge: (match: string) => Looks | null) => {
    for (const { 0: match, index: start } of line.matchAll(pattern)) {
      const end = start + match.length;
      const looks = GOES_ON.test(line.slice(end, end + 2)) ? null : judge(match);
      if (looks !== null) tokens.push({ ...looks, start, end });
    }
  };
  find(NUMBERS, looksOfNumber);
  find(WORDS, looksOfWord);
  find(BOXES, (boxes) => (/[A-Z]/.test(boxes) && /\d.*\d/.test(boxes) ? label(boxes.replaceAll(' ', ''), 0) : null));
  return tokens.sort((a, b) => a.start - b.start);
}

/** Sizes of the groups that numbers are written in; what is grouped otherwise is a phone number or a date. */
const GROUPS = /^(?:[45678]|3,3|4,4|2,2,2|2,2,2,2|1(?:,1){3,7})$/;

function looksOfNumber(match: string): Looks | null {
  if (match.length > 31) return null;
  const groups = match.split(/ - |[ -]/);
  const code = groups.join('');
  if (!GROUPS.test(groups.map(({ length }) => length).join(','))) return null;
  const years = groups.every((group) => /^(?:19|20)\d\d$/.test(group));
  if (years) return groups.length === 1 ? { code, doubt: 30, needs: 'tight' } : null;
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(code)) return { code, doubt: 30, needs: 'tight' };
  if (groups.length === 3 && /^\d\d-\d\d-\d\d$/.test(match)) return label(code, 5);
  return label(code, code.length === 6 ? 0 : 3);
}

function looksOfWord(match: string): Looks | null {
  if (match.length < 4 || match.length > 17 || !/[A-Za-z]/.test(match)) return null;
  // The hyphen of `G-123456` doesn't group: the letters before it are a prefix.
  if (/^[A-Z]{1,3}-\d{4,8}$/.test(match)) return label(match, 2);
  const groups = match.split('-');
  const code = groups.join('');
  if (groups.length > 1) {
    const alike = new Set(groups.map(({ length }) => length)).size === 1;
    if (!alike || groups.length > 3 || !/^[A-Z0-9]{3,5}-/.test(match) || !/^[A-Z0-9]+$/.test(code)) return null;
    return label(code, /\d/.test(code) ? 2 : 8);
  }
  // Codes of letters alone have no vowels, so that they spell nothing (RFC 8628 §6.1); what has some is a word.
  if (/^[B-DF-HJ-NP-TV-XZ]{6,8}$/.test(code)) return { code, doubt: 30, needs: 'tight' };
  if (!/\d/.test(code) || code.length > 10) return null;
  // SAVE20, SUMMER2026, 20OFF: made to be remembered.
  if (/^[A-Z]{4,}\d{1,4}$|^\d{1,3}(?:OFF|PERCENT)$/.test(code)) return { code, doubt: 45, needs: 'tight' };
  if (/^[A-Z0-9]+$/.test(code)) return label(code, 2);
  return code.length >= 6 && /\d.*\d/.test(code) ? { code, doubt: 15, needs: 'tight' } : null;
}

function label(code: string, doubt: number): Looks {
  return { code, doubt, needs: 'label' };
}
