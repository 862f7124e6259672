import { similar } from '../similar.ts';
import { isDay, millisecondsOf, octetsOf } from '../units.ts';
import { HAVINGS, type Query, type Term } from './query.ts';
import { badQuery, type Field, type Token } from './token.ts';

type Value = Extract<Token, { type: 'value' }>;

/** Why an expression can't be used; null when it can. */
export type FaultOf = (regex: string) => string | null;

/** What one word, or a field with its value, asks for. @throws {MailstopError} `bad-query`, with the column of the value */
export function fieldQuery(token: Value, faultOf: FaultOf): Query {
  const term = () => termOf(token, token.value, faultOf);
  const field = token.field as Field | null;
  switch (field) {
    case null:
      return { match: 'any-text', value: term() };
    case 'from':
    case 'to':
    case 'cc':
    case 'bcc':
    case 'rcpt':
      return { match: 'address', field, value: term() };
    case 'subject':
    case 'text':
    case 'html':
    case 'filename':
      return { match: field, value: term() };
    case 'header':
      return header(token, faultOf);
    case 'user':
    case 'tag':
    case 'id':
      return { match: field, value: plain(token) };
    case 'is':
      return state(oneOf(token, ['read', 'unread', 'pinned']));
    case 'has':
      return { match: 'has', what: oneOf(token, HAVINGS) };
    case 'larger':
    case 'smaller':
      return { match: field, octets: octets(token) };
    case 'after':
    case 'before':
      return { match: field, time: time(token) };
    case 'newer':
    case 'older':
      return { match: field, ms: duration(token) };
  }
}

function state(is: 'read' | 'unread' | 'pinned'): Query {
  return is === 'pinned' ? { match: 'pinned' } : { match: 'read', value: is === 'read' };
}

function termOf(token: Value, value: string, faultOf: FaultOf): Term {
  if (token.form !== 'regex') return value;
  const fault = faultOf(value);
  if (fault === null) return { regex: value };
  throw badQuery(token.valueColumn, `the regular expression /${value}/ can't be used: ${fault}`);
}

function plain(token: Value): string {
  if (token.form !== 'regex') return token.value;
  throw badQuery(token.valueColumn, `${token.field}: takes a plain value, not a regular expression`);
}

/** `header:X-Mailer`, `header:X-Mailer=acme`, `header:Subject=/re:/` */
function header(token: Value, faultOf: FaultOf): Query {
  const [, name, value] = /^([^=\s]+)(?:=(.*))?$/s.exec(token.value) ?? [];
  if (name === undefined || (value === undefined && token.form !== 'bare')) {
    throw badQuery(token.valueColumn, 'header: needs a name, as in header:X-Mailer or header:X-Mailer=acme');
  }
  return { match: 'header', name, value: value === undefined ? null : termOf(token, value, faultOf) };
}

function oneOf<const T extends string>(token: Value, known: readonly T[]): T {
  const wanted = plain(token).toLowerCase();
  const found = known.find((one) => one === wanted || `${one}s` === wanted);
  if (found !== undefined) return found;
  const meant = similar(wanted, known);
  const hint = meant === null ? '' : `; did you mean ${token.field}:${meant}?`;
  throw badQuery(token.valueColumn, `${token.field}: must be one of ${known.join(', ')}, not "${token.value}"${hint}`);
}

function octets(token: Value): number {
  const octets = octetsOf(plain(token));
  if (octets !== null) return octets;
  throw badQuery(token.valueColumn, `${token.field}: takes a size like 500, 100k or 2m, not "${token.value}"`);
}

/** A day or a moment in UTC, as all times of the API are. */
function time(token: Value): number {
  const text = plain(token);
  const known = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/i.test(text);
  const zoned = /T.*(?:Z|[+-]\d\d:\d\d)$/i.test(text) || !/T/i.test(text);
  const value = known && isDay(text) ? Date.parse(zoned ? text : `${text}Z`) : Number.NaN;
  if (!Number.isNaN(value)) return value;
  throw badQuery(
    token.valueColumn,
    `${token.field}: takes a day or a time in UTC like 2026-01-31 or 2026-01-31T12:00, not "${text}"`,
  );
}

function duration(token: Value): number {
  const ms = millisecondsOf(plain(token));
  if (ms !== null) return ms;
  throw badQuery(token.valueColumn, `${token.field}: takes a span like 30s, 10m, 2h, 3d or 1w, not "${token.value}"`);
}
