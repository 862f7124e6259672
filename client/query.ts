import type * as wire from '../wire/expect.ts';
import { refuse } from './refusal.ts';
import { re2Source } from './regex.ts';

/**
 * What a text must have in it, case apart. A full address, where an address is looked for, must be all of it.
 * A regular expression may match anywhere; it is run by the server, in RE2's syntax: no look-around, no backreferences.
 */
export type Term = string | RegExp;

/** Which mails are meant: all that is named must hold. */
export interface Where {
  /** The subject, an address, a name, a file name or the text. */
  readonly anywhere?: Term;
  readonly from?: Term;
  /** In the To header. */
  readonly to?: Term;
  readonly cc?: Term;
  readonly bcc?: Term;
  /** A recipient of the envelope, whatever the headers say. */
  readonly rcpt?: Term;
  readonly subject?: Term;
  readonly text?: Term;
  readonly html?: Term;
  /** The name of an attachment. */
  readonly filename?: Term;
  /** By name; `true` = it is there. */
  readonly headers?: Readonly<Record<string, Term | true>>;
  /** The username given to SMTP AUTH. */
  readonly user?: string;
  readonly tag?: string;
  readonly id?: string;
  readonly read?: boolean;
  readonly pinned?: boolean;
  readonly has?: readonly ('attachment' | 'html' | 'link' | 'code' | 'warning')[];
}

/**
 * Which mails are meant: as in the search box, or as data.
 * @example
 * 'subject:"reset your password" has:link'
 * @example
 * { subject: /reset/, has: ['link'] }
 */
export type Query = string | Where;

const terms = ['anywhere', 'from', 'to', 'cc', 'bcc', 'rcpt', 'subject', 'text', 'html', 'filename'] as const;
const others = ['headers', 'user', 'tag', 'id', 'read', 'pinned', 'has'] as const;
const known: readonly string[] = [...terms, ...others];

/**
 * A query as `POST /api/expect` takes it. An empty text means every mail.
 * @throws {TypeError} for what can't be meant
 */
export function asked(query: Query): Pick<wire.Expectation, 'q' | 'where'> {
  if (typeof query === 'string') return query.trim() === '' ? {} : { q: query };
  if (typeof query !== 'object' || query === null || query instanceof RegExp) {
    refuse(
      'look for mail',
      `${String(query)} is no query`,
      "give text like 'subject:reset' or fields like { subject: /reset/ }",
    );
  }
  const named = Object.entries(query);
  if (named.length === 0) {
    refuse('look for mail', '{} asks for nothing', 'name a field, or leave the query out if any mail will do');
  }
  for (const [name, value] of named) {
    if (!known.includes(name)) {
      refuse(
        'look for mail',
        `"${name}" is no part of a query`,
        `use ${known.join(', ')}; options are the next argument`,
      );
    }
    // Left out, it would match every mail: a test with a mistake in it would pass.
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

function toWire({ user, tag, id, read, pinned, has, headers, ...found }: Where): wire.Where {
  return {
    ...Object.fromEntries(Object.entries(found).map(([name, term]) => [name, toTerm(name, term)])),
    ...(user !== undefined && { user }),
    ...(tag !== undefined && { tag }),
    ...(id !== undefined && { id }),
    ...(read !== undefined && { read }),
    ...(pinned !== undefined && { pinned }),
    ...(has !== undefined && { has: [...has] }),
    ...(headers !== undefined && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, term]) => [name, term === true ? term : toTerm(name, term)]),
      ),
    }),
  };
}

function toTerm(name: string, term: Term): string | { matches: string } {
  if (typeof term === 'string') return term;
  if (term instanceof RegExp) return { matches: re2Source(term) };
  refuse('look for mail', `"${name}" is ${JSON.stringify(term)}`, 'give a text or a regular expression');
}
