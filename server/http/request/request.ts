import type { Request } from 'express';
import { z } from 'zod';
import { MailstopError } from '../../../wire/errors.ts';
import { messageId } from '../../../wire/message.ts';
import { everything, type Query } from '../../../wire/query/query.ts';
import { similar } from '../../../wire/similar.ts';
import { readQuery } from '../../store/read-query.ts';
import type { Store } from '../../store/store.ts';
import { clipped } from '../answer/problem.ts';
import { faultText } from './fault-text.ts';

/** Most faults listed in an error; there may be thousands. */
const MOST_FAULTS = 10;

/**
 * Validates a part of a request.
 * @param what its name in the error, like `query parameter`
 * @throws {MailstopError} `bad-request` with the first faults: the field, what was expected and the value
 */
export function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value, { reportInput: true, error: faultText });
  if (result.success) return result.data;
  const issues = withoutSequels(result.error.issues);
  const faults = issues
    .slice(0, MOST_FAULTS)
    .map(meantIssue)
    .map(({ path, message, input }) => {
      const name = path.length > 0 ? ` "${clipped(path.join('.'), 200)}"` : '';
      const fault = clipped(message, 500);
      if (!fault.startsWith('expected ')) return `${what}${name} ${fault}`;
      return `${what}${name}: ${fault}, got ${clipped(JSON.stringify(input) ?? 'nothing', 200)}`;
    });
  if (issues.length > faults.length) faults.push(`and ${issues.length - faults.length} more`);
  throw new MailstopError('bad-request', faults.join('; '));
}

type Issue = z.core.$ZodIssue;

/** Drops faults that only follow from unknown fields: without those, an object may be empty. */
function withoutSequels(issues: readonly Issue[]): readonly Issue[] {
  const unknown = new Set(issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('.')));
  return issues.filter(({ code, path }) => code !== 'custom' || !unknown.has(path.join('.')));
}

/** For a value that fits no form of a union, the issue in the form that it comes closest to. */
function meantIssue(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const forms = issue.errors.map((issues) => issues.map(meantIssue)).toSorted((a, b) => distance(a) - distance(b));
  const [nearest] = forms[0] ?? [];
  return nearest && distance([nearest]) < FAR ? { ...nearest, path: [...issue.path, ...nearest.path] } : issue;
}

const FAR = 2;

function distance(issues: readonly Issue[]): number {
  const isAbout = (code: Issue['code']) => issues.some((issue) => issue.code === code && issue.path.length === 0);
  if (isAbout('invalid_type') || isAbout('invalid_union') || isAbout('invalid_value')) return FAR;
  return isAbout('unrecognized_keys') ? 1 : 0;
}

const wholeNumber = z.int().min(0);

/** Query parameters that several routes take. */
export const parameters = {
  q: z.string().optional().describe('A query, as in the search box: from:shop is:unread "reset your password".'),
  limit: wholeNumber.min(1).max(500).default(50).describe('Return at most this many mails.'),
  offset: wholeNumber.default(0).describe('Skip this many of the newest mails.'),
  before: wholeNumber.optional().describe('Only mails with a lower seq: the cursor of the previous page.'),
  after: wholeNumber.optional().describe('Only mails with a higher seq.'),
  all: z
    .literal('true', 'expected "true", which means every mail')
    .optional()
    .describe('Required without q, to confirm that you mean every mail.'),
} as const;

/**
 * Reads the query parameters of a request.
 * @throws {MailstopError} `bad-request`, naming the unknown or invalid parameters
 */
export function readParameters<T extends z.ZodObject>(schema: T, { query }: Request): z.output<T> {
  const { shape } = schema;
  const known = Object.keys(shape);
  for (const name of Object.keys(query)) {
    if (known.includes(name)) continue;
    const meant = similar(name, known);
    const takes = known.length === 0 ? 'none' : known.join(', ');
    const hint = meant === null ? `expected ${takes}` : `did you mean "${meant}"?`;
    throw new MailstopError('bad-request', `query parameter "${clipped(name, 200)}" is not known here: ${hint}`);
  }
  const values = Object.entries(shape).map(([name, type]) => [name, intended(type as z.ZodType, query[name])]);
  return read<unknown>(schema, Object.fromEntries(values), 'query parameter') as z.output<T>;
}

/** Converts a text to the type of its schema; returns the text itself if it can't. */
function intended(type: z.ZodType, given: unknown): unknown {
  if (given === undefined) return undefined;
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault) return intended(type.unwrap() as z.ZodType, given);
  if (type instanceof z.ZodArray) return [given].flat();
  return type instanceof z.ZodNumber && typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : given;
}

/** The query in `q`; null when there is none. @throws {MailstopError} `bad-query`, `search-failed` */
export async function queryOf({ q }: { readonly q?: string | undefined }, store: Store): Promise<Query | null> {
  return q === undefined || q.trim() === '' ? null : readQuery(q, store);
}

/**
 * The query of a request that changes or deletes all that match. Without one, the request must say `all=true`: a slip
 * must not wipe an inbox.
 */
export async function queryOfMany(
  req: Request,
  { q, all }: { readonly q?: string | undefined; readonly all?: 'true' | undefined },
  store: Store,
): Promise<Query> {
  const query = await queryOf({ q }, store);
  if (query) return query;
  if (all === 'true') return everything;
  const does = req.method === 'DELETE' ? 'delete' : 'change';
  throw new MailstopError(
    'bad-request',
    `${req.method} ${req.path} without "q" would ${does} every mail. Add all=true if you mean it.`,
  );
}

/** The id in the path. @throws {MailstopError} `bad-request` for what can't be one */
export function idOf(req: Request): string {
  return read(messageId, req.params['id'], 'message id');
}

export function notFound(id: string): MailstopError {
  return new MailstopError(
    'message-not-found',
    `There is no mail with the id "${id}": it was never here, was deleted, or was dropped by the limits.`,
  );
}
