import type { Request } from 'express';
import { z } from 'zod';
import { MailstopError } from '../errors.ts';
import type { Query } from '../message/query.ts';
import { readQuery } from '../store/read-query.ts';
import type { Store } from '../store/store.ts';
import { clipped } from './problem.ts';
import { messageId } from './wire.ts';

export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'expected a whole number')
  .transform(Number);

/** The cursors and bounds of a listing. */
export const pageParameters = z.object({
  limit: wholeNumber.pipe(z.int().min(1).max(500)).default(50),
  offset: wholeNumber.optional(),
  before: wholeNumber.optional(),
  after: wholeNumber.optional(),
});

/** Faults that an error names; there may be thousands. */
const MOST_FAULTS = 10;

/**
 * Reads a part of a request.
 * @param what names it in the error, like `query parameter`
 * @throws {MailstopError} `bad-request`, naming the first faults: the field, what was expected and the value
 */
export function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const { issues } = result.error;
  const faults = issues
    .slice(0, MOST_FAULTS)
    .map(meantIssue)
    .map(({ path, message, input }) => {
      const name = path.length > 0 ? ` "${clipped(path.join('.'), 200)}"` : '';
      const got = clipped(JSON.stringify(input) ?? 'nothing', 200);
      return `${what}${name}: ${clipped(message, 500)}, got ${got}`;
    });
  if (issues.length > faults.length) faults.push(`and ${issues.length - faults.length} more`);
  throw new MailstopError('bad-request', faults.join('; '));
}

type Issue = z.core.$ZodIssue;

/** Of a value that fits none of several forms, what is wrong with it in the form that it comes nearest to. */
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

/** How the parameters that several routes take are described. */
export const described = {
  q: {
    name: 'q',
    schema: z.string(),
    about: 'A query, as in the search box: from:shop is:unread "reset your password".',
  },
  limit: { name: 'limit', schema: z.int().min(1).max(500).default(50), about: 'Return at most this many mails.' },
  offset: { name: 'offset', schema: z.int().min(0).default(0), about: 'Skip this many of the newest mails.' },
  before: {
    name: 'before',
    schema: z.int().min(0),
    about: 'Only mails with a lower seq: the cursor of the previous page.',
  },
  after: { name: 'after', schema: z.int().min(0), about: 'Only mails with a higher seq.' },
  all: {
    name: 'all',
    schema: z.literal('true'),
    about: 'Required without q, to confirm that you mean every mail.',
  },
} as const;

/** The query in `q`; null when there is none. @throws {MailstopError} `bad-query`, `bad-request`, `search-failed` */
export async function queryOf(req: Request, store: Store): Promise<Query | null> {
  const text = read(z.string().optional(), req.query['q'], 'query parameter "q"');
  return text === undefined || text.trim() === '' ? null : readQuery(text, store);
}

/**
 * The query of a request that changes or deletes all that match. Without one, the request must say `all=true`: a slip
 * must not wipe an inbox.
 */
export async function queryOfMany(req: Request, store: Store): Promise<Query> {
  const query = await queryOf(req, store);
  if (query) return query;
  if (req.query['all'] === 'true') return { match: 'everything' };
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
