import type { Query, Term } from './query.ts';
import { isField, misspelled } from './token.ts';

/** The text that `parseQuery` reads as this query. */
export function printQuery(query: Query): string {
  return query.match === 'everything' ? '' : print(query, 'any');
}

/** @param within the loosest form that may stand here without parentheses */
function print(query: Query, within: 'any' | 'all' | 'term'): string {
  switch (query.match) {
    case 'everything':
      // The one query that has no text of its own inside another: every mail has a size.
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
    case 'address':
      return `${query.field}:${printTerm(query.value)}`;
    case 'header':
      return query.value === null ? `header:${query.name}` : `header:${query.name}=${printTerm(query.value)}`;
    case 'read':
      return query.value ? 'is:read' : 'is:unread';
    case 'pinned':
      return 'is:pinned';
    case 'has':
      return `has:${query.what}`;
    case 'larger':
    case 'smaller':
      return `${query.match}:${query.octets}`;
    case 'after':
    case 'before':
      return `${query.match}:${new Date(query.time).toISOString()}`;
    case 'newer':
    case 'older':
      return `${query.match}:${Math.round(query.ms / 1000)}s`;
    case 'mailbox':
      return `rcpt:${printTerm(query.name)}`;
    default:
      return `${query.match}:${printTerm(query.value)}`;
  }
}

function printTerm(term: Term): string {
  if (typeof term !== 'string')
    return `/${term.regex.replaceAll(/\\.|\//gs, (found) => (found === '/' ? '\\/' : found))}/`;
  return isWord(term) ? term : `"${term.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Whether a value reads as itself without quotes. */
function isWord(value: string): boolean {
  const field = /^([a-z]+):/i.exec(value)?.[1]?.toLowerCase() ?? '';
  return /^[^\s()"/-][^\s()]*$/.test(value) && value !== 'OR' && !isField(field) && misspelled(field) === null;
}
