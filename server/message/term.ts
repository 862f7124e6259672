import { RE2JS, RE2JSException } from 're2js';
import type { Term } from './query.ts';
import { bitsOf } from './signature.ts';

/** Text as it is compared: neither case nor the way an accent is composed matters. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A term made ready to be looked for in many texts. */
export interface TermTest {
  /** Whether a text, already folded, has the term in it. */
  holds(folded: string): boolean;
  /** What must be part of every text that has it, folded; null for an expression. */
  readonly part: string | null;
  /** Bits that the signature of such a text must have. */
  readonly bits: readonly number[];
}

/**
 * Regular expressions run on an engine whose time grows with the text and the expression, never faster: one that a
 * user sends can't hold the server.
 */
export function termTest(term: Term): TermTest {
  if (typeof term !== 'string') {
    const regex = compile(term.regex);
    return { holds: (folded) => regex.test(folded), part: null, bits: [] };
  }
  const part = fold(term);
  return { holds: (folded) => folded.includes(part), part, bits: bitsOf(part) };
}

/** Why an expression can't be used; null when it can. */
export function regexFault(regex: string): string | null {
  try {
    compile(regex);
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return error.message.replace(/^error parsing regexp: /, '').replace('(?m)(?i)', '');
  }
}

function compile(regex: string): RE2JS {
  return RE2JS.compile(regex.normalize('NFKC'), RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
}
