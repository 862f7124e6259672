import type * as wire from '../wire/expect.ts';
import { FLAG_NAMES } from '../wire/flags.ts';
import { FIELDS, type Field, isField } from '../wire/query/fields.ts';
import type { WhereOf } from '../wire/query/query.ts';
import { refuse } from './refusal.ts';
import { re2Source } from './regex.ts';

/**
 * What to find in a text, ignoring case. In an address field, a full address must match the whole address. A regular
 * expression may match anywhere; the server runs it, in RE2 syntax: no look-around, no backreferences.
 */
export type Term = string | RegExp;

/** Which mails to find: all fields must match. */
export type Where = WhereOf<Term>;

/**
 * Which mails to find: text as in the search box, or data.
 * @example
 * 'subject:"reset your password" has:link'
 * @example
 * { subject: /reset/, has: ['link'] }
 */
export type Query = string | Where;

const isData = ({ kind }: Field) => !['header', 'state', 'having'].includes(kind);
const fields = Object.entries<Field>(FIELDS).flatMap(([name, field]) => (isData(field) ? [name] : []));
const known: readonly string[] = ['anywhere', ...fields, 'headers', ...FLAG_NAMES, 'has'];

/**
 * A query as `POST /api/expect` takes it. Empty text means every mail.
 * @throws {TypeError} for an invalid query
 */
export function asked(query: Query): Pick<wire.Expectation, 'q' | 'where'> {
  if (typeof query === 'string') return query.trim() === '' ? {} : { q: query };
  if (typeof query !== 'object' || query === null || query instanceof RegExp) {
    refuse(
      'look for mail',
      `${String(query)} is not a query`,
      "give text like 'subject:reset' or fields like { subject: /reset/ }",
    );
  }
  const named = Object.entries(query);
  if (named.length === 0) {
    refuse('look for mail', '{} would match every mail', 'name a field, or leave the query out if any mail will do');
  }
  for (const [name, value] of named) {
    if (!known.includes(name)) {
      refuse(
        'look for mail',
        `"${name}" is not a field of a query`,
        `use ${known.join(', ')}; options are the next argument`,
      );
    }
    // Ignoring it would match every mail, and a test with a mistake in it would pass.
    if (value === undefined) refuse('look for mail', `"${name}" is undefined`, 'give a value or leave it out');
    if (isEmpty(value)) {
      refuse('look for mail', `"${name}" is empty, so every mail would match`, 'give a value or leave it out');
    }
  }
  return { where: toWire(query) };
}

function isEmpty(value: unknown): boolean {
  if (value instanceof RegExp) return value.source === '(?:)';
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function toWire(where: Where): wire.Where {
  const given = Object.entries(where).map(([name, value]) => {
    if (name === 'headers') return [name, headersOf(value)];
    const isTerm = name === 'anywhere' || (isField(name) && FIELDS[name].kind === 'term');
    return [name, isTerm ? toTerm(name, value) : value];
  });
  return Object.fromEntries(given);
}

function headersOf(headers: NonNullable<Where['headers']>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, term]) => [name, term === true ? term : toTerm(name, term)]),
  );
}

function toTerm(name: string, term: Term): string | { matches: string } {
  if (typeof term === 'string') return term;
  if (term instanceof RegExp) return { matches: re2Source(term) };
  refuse('look for mail', `"${name}" is ${JSON.stringify(term)}`, 'give a text or a regular expression');
}
