import { z } from 'zod';
import { FLAG_NAMES, forEachFlag } from '../flags.ts';
import { FIELDS, type Field } from './fields.ts';
import { HAVINGS, type Query, type Term, type WhereOf } from './query.ts';

/** A query as data, for programs: no quoting to get wrong. It has the fields of the query language. */

/** A regular expression over the wire. */
export type WireTerm = string | { readonly matches: string };

interface Parts {
  /** A non-empty text. */
  readonly filled: z.ZodType<string>;
  /** A regular expression in RE2 syntax. */
  readonly regex: z.ZodType<string>;
  /** Requires at least one key. */
  readonly notEmpty: <S extends z.ZodType<object>>(schema: S) => S;
}

export function whereSchema({ filled, regex, notEmpty }: Parts): z.ZodType<WhereOf<WireTerm>> {
  const term = z.union([filled, z.strictObject({ matches: regex })]);
  const byKind: Readonly<Partial<Record<Field['kind'], z.ZodType>>> = {
    term,
    whole: filled,
    octets: z.int('expected octets').min(0),
    time: z.iso.datetime({ offset: true, error: 'expected a time in ISO 8601, like 2026-01-31T12:00:00Z' }),
    span: z.int('expected milliseconds').min(0),
  };
  const fields = Object.entries<Field>(FIELDS).flatMap(([name, { kind }]) => {
    const schema = byKind[kind];
    return schema === undefined ? [] : [[name, schema.exactOptional()] as const];
  });
  const where = z.strictObject({
    anywhere: term.exactOptional(),
    ...Object.fromEntries(fields),
    /** By name; `true` = the header is present. */
    headers: notEmpty(z.record(filled, z.union([term, z.literal(true)]))).exactOptional(),
    ...forEachFlag(() => z.boolean().exactOptional()),
    has: z.array(z.enum(HAVINGS)).min(1).exactOptional(),
  });
  // The table guarantees that these fields match the type; the type of fromEntries cannot express it.
  return notEmpty(where) as unknown as z.ZodType<WhereOf<WireTerm>>;
}

/** The queries that must all match. */
export function whereQueries(where: WhereOf<WireTerm>): readonly Query[] {
  const { anywhere, headers = {}, has = [] } = where;
  const queries: Query[] = [];
  if (anywhere !== undefined) queries.push({ match: 'any-text', value: termOf(anywhere) });
  const given: Readonly<Record<string, unknown>> = { ...where };
  for (const [name, field] of Object.entries<Field>(FIELDS)) {
    const value = given[name];
    if (value === undefined) continue;
    // The schema has checked each value against its field's kind.
    if (field.kind === 'term') queries.push(field.query(termOf(value as WireTerm)));
    else if (field.kind === 'whole') queries.push(field.query(value as string));
    else if (field.kind === 'time') queries.push(field.query(Date.parse(value as string)));
    else if (field.kind === 'octets' || field.kind === 'span') queries.push(field.query(value as number));
  }
  for (const [name, term] of Object.entries(headers)) {
    queries.push(FIELDS.header.query({ name, value: term === true ? null : termOf(term) }));
  }
  for (const flag of FLAG_NAMES) {
    const value = where[flag];
    if (value !== undefined) queries.push({ match: 'flag', flag, value });
  }
  for (const what of has) queries.push(FIELDS.has.query(what));
  return queries;
}

function termOf(term: WireTerm): Term {
  return typeof term === 'string' ? term : { regex: term.matches };
}
