import { similar } from '../similar.ts';
import { isDay, millisecondsOf, octetsOf } from '../units.ts';
import { FIELDS, type Field, STATE_WORDS, type Values } from './fields.ts';
import { HAVINGS, type Query, type Term } from './query.ts';
import { badQuery, type Token } from './token.ts';

type Value = Extract<Token, { type: 'value' }>;

/** Why an expression can't be used; null if it can. */
export type FaultOf = (regex: string) => string | null;

/** The query for one word, or a field with its value. @throws {MailstopError} `bad-query`, with the value's column */
export function fieldQuery(token: Value, faultOf: FaultOf): Query {
  if (token.field === null) return { match: 'any-text', value: termOf(token, token.value, faultOf) };
  const field: Field = FIELDS[token.field];
  switch (field.kind) {
    case 'term':
      return field.query(termOf(token, token.value, faultOf));
    case 'whole':
      return field.query(plain(token));
    case 'header':
      return field.query(header(token, faultOf));
    case 'state':
      return field.query(oneOf(token, STATE_WORDS));
    case 'having':
      return field.query(oneOf(token, HAVINGS));
    case 'octets':
      return field.query(octets(token));
    case 'time':
      return field.query(time(token));
    case 'span':
      return field.query(span(token));
  }
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
function header(token: Value, faultOf: FaultOf): Values['header'] {
  const [, name, value] = /^([^=\s]+)(?:=(.*))?$/s.exec(token.value) ?? [];
  if (name === undefined || (value === undefined && token.form !== 'bare')) {
    throw badQuery(token.valueColumn, 'header: needs a name, as in header:X-Mailer or header:X-Mailer=acme');
  }
  return { name, value: value === undefined ? null : termOf(token, value, faultOf) };
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

/** A day or a time, in UTC like all times of the API. */
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

function span(token: Value): number {
  const ms = millisecondsOf(plain(token));
  if (ms !== null) return ms;
  throw badQuery(token.valueColumn, `${token.field}: takes a span like 30s, 10m, 2h, 3d or 1w, not "${token.value}"`);
}
