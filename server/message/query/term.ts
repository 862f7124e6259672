import { RE2JS, RE2JSException } from 're2js';
import type { Term } from '../../../wire/query/query.ts';
import { bitsOf } from './signature.ts';

/**
 * Sorting the marks on one letter is quadratic in their number, in every engine. No writing system has more than a few
 * (Unicode's Stream-Safe Text Format, UAX #15, allows 30). Half-width kana marks become combining ones.
 */
const MARKS = /[\p{M}\uff9e\uff9f]{4,}/gu;
const MOST_MARKS = 30;

/** Folds text for comparison: ignores case and how accents are composed. Linear time. */
export function fold(text: string): string {
  const safe = text.replace(MARKS, (run) => (run.length > MOST_MARKS ? run.slice(0, MOST_MARKS) : run));
  const folded = safe.normalize('NFKC').toLowerCase();
  // A few letters become many, U+FDFA eighteen; a long text that grows much consists of them.
  const most = Math.max(1000, 3 * text.length);
  return folded.length > most ? folded.slice(0, most) : folded;
}

/** A term compiled for searching many texts. */
export interface TermTest {
  /** Whether a text, already folded, has the term in it. */
  holds(folded: string): boolean;
  /** What must be part of every text that has it, folded; null for an expression. */
  readonly part: string | null;
  /** Bits that the signature of such a text must have. */
  readonly bits: readonly number[];
}

/**
 * Regular expressions run on RE2: linear in the text and in the expression. Even so, one can take seconds on a long
 * text, so long texts are tested in a thread (see `isPatient`).
 */
export function termTest(term: Term): TermTest {
  if (typeof term !== 'string') {
    let regex: RE2JS | null = null;
    // Only in a thread: the main thread gets as far as here, but asks nothing.
    const holds = (folded: string) => {
      regex ??= compile(term.regex);
      return regex.test(folded);
    };
    return { holds, part: null, bits: [] };
  }
  const part = fold(term);
  const finds = part.length > LONG_PART ? longFinder(part) : (folded: string) => folded.includes(part);
  return { holds: finds, part, bits: bitsOf(part) };
}

/** `includes` may cost the product of both lengths, which matters for a part longer than this. */
const LONG_PART = 64;

/** Knuth-Morris-Pratt search: linear in the sum of both lengths. */
function longFinder(part: string): (text: string) => boolean {
  /** For each length of a match that fails: the longest shorter one that may go on. */
  const shorter = new Int32Array(part.length + 1);
  for (let i = 1, length = 0; i < part.length; i++) {
    while (length > 0 && part.charCodeAt(i) !== part.charCodeAt(length)) length = shorter[length] ?? 0;
    if (part.charCodeAt(i) === part.charCodeAt(length)) length += 1;
    shorter[i + 1] = length;
  }
  return (text) => {
    for (let i = 0, length = 0; i < text.length; i++) {
      while (length > 0 && text.charCodeAt(i) !== part.charCodeAt(length)) length = shorter[length] ?? 0;
      if (text.charCodeAt(i) === part.charCodeAt(length)) length += 1;
      if (length === part.length) return true;
    }
    return false;
  };
}

/** The longest expression, in chars. Even this many can take hundreds of milliseconds to compile, hence the thread. */
const MAX_REGEX = 1000;

/** Why an expression can't be used; null when it can. Slow: call it in a thread, see `Store.regexFaults`. */
export function regexFault(regex: string): string | null {
  if (regex.length > MAX_REGEX) return `it has ${regex.length} characters; the limit is ${MAX_REGEX}`;
  try {
    compile(regex);
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return error.message.replace(/^error parsing regexp: /, '').replace('(?m)(?i)', '');
  }
}

/** Cache of compiled expressions: the same ones are used for many mails in a row. */
const compiled = new Map<string, RE2JS>();
const KEPT = 100;

function compile(regex: string): RE2JS {
  const known = compiled.get(regex);
  const re = known ?? RE2JS.compile(regex.normalize('NFKC'), RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
  compiled.delete(regex);
  compiled.set(regex, re);
  for (const oldest of compiled.keys()) {
    if (compiled.size <= KEPT) break;
    compiled.delete(oldest);
  }
  return re;
}
