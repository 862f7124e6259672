import { RE2JS, RE2JSException } from 're2js';
import type { Term } from './query.ts';

/** Text as it is compared: neither case nor the way an accent is composed matters. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A test of folded text, made once per term. */
const tests = new WeakMap<{ readonly regex: string }, RE2JS>();

/**
 * Whether a text, already folded, has the term in it.
 *
 * Regular expressions run on an engine whose time grows with the text and the expression, never faster: one that a
 * user sends can't hold the server.
 */
export function holds(folded: string, term: Term): boolean {
  if (typeof term === 'string') return folded.includes(fold(term));
  let test = tests.get(term);
  if (!test) {
    test = compile(term.regex);
    tests.set(term, test);
  }
  return test.test(folded);
}

/** Why an expression can't be used; null when it can. */
export function regexFault(regex: string): string | null {
  try {
    compile(regex);
    return null;
  } catch (error) {
    if (error instanceof RE2JSException)
      return error.message.replace(/^error parsing regexp: /, '').replace('(?m)(?i)', '');
    throw error;
  }
}

function compile(regex: string): RE2JS {
  return RE2JS.compile(regex.normalize('NFKC'), RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
}
