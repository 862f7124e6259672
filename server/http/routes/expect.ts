import type { Response } from 'express';
import { z } from 'zod';
import { everything, type Query } from '../../message/query.ts';
import { parseQuery } from '../../message/query-text.ts';
import { type Expectation, expectMail, type Outcome } from '../../store/expect.ts';
import { report } from '../../store/report.ts';
import { toWireSummary } from '../present.ts';
import { problemOf, sendProblem } from '../problem.ts';
import { described, queryOf, read, wholeNumber } from '../request.ts';
import type { Backend, Route } from '../route.ts';
import * as wire from '../wire-expect.ts';

const waitParameters = z.object({
  count: wholeNumber.pipe(wire.waitParameters.count).default(1),
  timeout: wholeNumber.pipe(wire.waitParameters.timeout).default(5000),
  after: wholeNumber.optional(),
});

const LATELY_MS = 10_000;

/** Waiting for mail, and asserting on it. */
export function expectRoutes(backend: Backend): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/api/messages/wait',
      doc: {
        does: 'Waits until enough mails match, and answers at once when they do.',
        query: [
          described.q,
          { name: 'count', schema: wire.waitParameters.count.default(1), about: 'How many must match.' },
          described.after,
          { name: 'timeout', schema: wire.waitParameters.timeout.default(5000), about: 'In milliseconds.' },
        ],
        gives: wire.waited,
        fails: ['bad-query'],
        otherwise: { status: 408, type: 'application/problem+json', gives: wire.unmet },
      },
      handle: async (req, res) => {
        const { count, timeout, after } = req.query;
        const wanted = read(waitParameters, { count, timeout, after }, 'query parameter');
        await answer(backend, res, 408, {
          query: queryOf(req) ?? everything,
          count: { min: wanted.count, max: Number.POSITIVE_INFINITY },
          within: wanted.timeout,
          quiet: 0,
          after: wanted.after,
        });
      },
    },
    {
      method: 'post',
      path: '/api/expect',
      body: 'application/json',
      doc: {
        does: 'Asserts on mail: how many, how soon, and what each must be. A failure explains itself.',
        takes: wire.expectation,
        gives: wire.met,
        fails: ['bad-query'],
        otherwise: { status: 417, type: 'application/problem+json', gives: wire.unmet },
      },
      handle: async (req, res) => {
        const { q, where, count, message, ...rest } = read(wire.expectation, req.body, 'body');
        const query = all([...(q?.trim() ? [parseQuery(q)] : []), ...(where ? whereQueries(where) : [])]);
        await answer(backend, res, 417, { ...rest, query, count: range(count), message });
      },
    },
  ];
}

async function answer(
  backend: Backend,
  res: Response,
  status: 408 | 417,
  wanted: Omit<Expectation, 'signal'>,
): Promise<void> {
  const { store, watches, now, refusals } = backend;
  const gone = new AbortController();
  res.on('close', () => gone.abort(new ClientLeft()));
  // Many send first and ask then: what was refused shortly before is told, too.
  const since = new Date(now().getTime() - LATELY_MS);
  const expectation: Expectation = { ...wanted, signal: gone.signal };
  const outcome = await expectMail({ store, watches }, expectation, now);
  const { matching, elapsed, failure } = outcome;
  if (failure === null) {
    // Not the newest of the store: what came since these were counted must not be passed over.
    const cursor = Math.max(wanted.after ?? 0, ...matching.map(({ seq }) => seq));
    const messages = matching.map(toWireSummary);
    res.json(
      status === 408
        ? ({ messages, cursor, elapsed } satisfies wire.Waited)
        : ({ pass: true, messages, cursor, elapsed } satisfies wire.Met),
    );
    return;
  }
  sendProblem(res, unmet(status, outcome, report(expectation, outcome, refusals.since(since))));
}

function unmet(status: 408 | 417, { arrived, closest, matching, elapsed }: Outcome, reason: string): wire.Unmet {
  const code = status === 408 ? 'wait-timeout' : 'expectation-failed';
  return {
    ...problemOf(code, status, reason.split('\n').slice(0, 2).join(' ')),
    pass: false,
    reason,
    arrived: arrived.map(toWireSummary),
    closest: closest.map(({ message, misses }) => ({ id: message.id, subject: message.subject, misses: [...misses] })),
    messages: matching.map(toWireSummary),
    elapsed,
  };
}

function range(count: wire.Expectation['count']): Expectation['count'] {
  if (typeof count === 'number') return { min: count, max: count };
  const max = count?.max ?? Number.POSITIVE_INFINITY;
  return { min: count?.min ?? Math.min(1, max), max };
}

function whereQueries({
  anywhere,
  headers = {},
  has = [],
  read,
  pinned,
  user,
  tag,
  id,
  ...terms
}: wire.Where): Query[] {
  const queries: Query[] = [];
  const termOf = (term: string | { matches: string }) => (typeof term === 'string' ? term : { regex: term.matches });
  if (anywhere !== undefined) queries.push({ match: 'any-text', value: termOf(anywhere) });
  for (const field of ['from', 'to', 'cc', 'bcc', 'rcpt'] as const) {
    const term = terms[field];
    if (term !== undefined) queries.push({ match: 'address', field, value: termOf(term) });
  }
  for (const match of ['subject', 'text', 'html', 'filename'] as const) {
    const term = terms[match];
    if (term !== undefined) queries.push({ match, value: termOf(term) });
  }
  for (const [name, term] of Object.entries(headers)) {
    queries.push({ match: 'header', name, value: term === true ? null : termOf(term) });
  }
  if (user !== undefined) queries.push({ match: 'user', value: user });
  if (tag !== undefined) queries.push({ match: 'tag', value: tag });
  if (id !== undefined) queries.push({ match: 'id', value: id });
  if (read !== undefined) queries.push({ match: 'read', value: read });
  if (pinned === true) queries.push({ match: 'pinned' });
  if (pinned === false) queries.push({ match: 'not', of: { match: 'pinned' } });
  for (const what of has) queries.push({ match: 'has', what });
  return queries;
}

function all(queries: readonly Query[]): Query {
  const [first, ...more] = queries;
  return first === undefined ? everything : more.length === 0 ? first : { match: 'all', of: queries };
}

/** Nobody is left to answer. */
class ClientLeft extends Error {}
