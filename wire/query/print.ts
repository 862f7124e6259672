import { FLAGS } from '../flags.ts';
import { FIELDS, type Field, isField } from './fields.ts';
import type { Query, Term } from './query.ts';
import { misspelled } from './token.ts';

/** Prints a query as text that `parseQuery` reads back. */
export function printQuery(query: Query): string {
  return query.match === 'everything' ? '' : print(query, 'any');
}

/** @param within the loosest form that needs no parentheses here */
function print(query: Query, within: 'any' | 'all' | 'term'): string {
  switch (query.match) {
    case 'everything':
      // The only query that has no text of its own inside another; every mail has a size.
      return 'smaller:999999999999';
    case 'any': {
      const text = query.of.map((of) => print(of, 'all')).join(' OR ');
      return within === 'any' ? text : `(${text})`;
    }
    case 'all': {
      const text = query.of.map((of) => print(of, 'term')).join(' ');
      return within === 'term' ? `(${text})` : text;
    }
    case 'not':
      return `-${print(query.of, 'term')}`;
    case 'any-text':
      return printTerm(query.value);
    case 'flag':
      // Some flags have no word for off.
      return query.value || FLAGS[query.flag].off !== null
        ? printField(query)
        : `-${printField({ ...query, value: true })}`;
    case 'mailbox':
      return `rcpt:${printTerm(query.name)}`;
    default:
      return printField(query);
  }
}

function printField(query: Query): string {
  for (const [name, field] of Object.entries<Field>(FIELDS)) {
    const value = printValue(field, query);
    if (value !== null) return `${name}:${value}`;
  }
  throw new Error(`no field makes the query ${JSON.stringify(query)}`);
}

/** @returns null if the query is on another field */
function printValue(field: Field, query: Query): string | null {
  switch (field.kind) {
    case 'header': {
      const header = field.valueOf(query);
      if (header === null) return null;
      return header.value === null ? header.name : `${header.name}=${printTerm(header.value)}`;
    }
    case 'octets':
      return printed(field.valueOf(query), String);
    case 'time':
      return printed(field.valueOf(query), (time) => new Date(time).toISOString());
    case 'span':
      return printed(field.valueOf(query), (ms) => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`));
    default:
      return printed<Term>(field.valueOf(query), printTerm);
  }
}

function printed<T>(value: T | null, print: (value: T) => string): string | null {
  return value === null ? null : print(value);
}

function printTerm(term: Term): string {
  if (typeof term !== 'string')
    return `/${term.regex.replaceAll(/\\.|\//gs, (found) => (found === '/' ? '\\/' : found))}/`;
  return isWord(term) ? term : `"${term.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Whether a value can be written without quotes. */
function isWord(value: string): boolean {
  const field = /^([a-z]+):/i.exec(value)?.[1]?.toLowerCase() ?? '';
  return /^[^\s()"/-][^\s()]*$/.test(value) && value !== 'OR' && !isField(field) && misspelled(field) === null;
}
