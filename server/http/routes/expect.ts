import type { Response } from 'express';
import { z } from 'zod';
import * as wire from '../../../wire/expect.ts';
import { everything, type Query } from '../../../wire/query/query.ts';
import { whereQueries } from '../../../wire/query/where.ts';
import { readQuery } from '../../store/read-query.ts';
import { type Expectation, expectMail, type Outcome } from '../../store/wait/expect.ts';
import { report } from '../../store/wait/report.ts';
import { toWireMessage, toWireSummaries, toWireSummary } from '../answer/present.ts';
import { problemOf } from '../answer/problem.ts';
import { sendJson } from '../answer/send-json.ts';
import { sendMails } from '../answer/send-mails.ts';
import { clientLeft } from '../request/client-left.ts';
import { checkExpressions } from '../request/expressions.ts';
import { parameters, read } from '../request/request.ts';
import { type Backend, type Route, route } from '../route.ts';

const waited = z.object({
  q: wire.queryText.optional().describe(parameters.q.description ?? ''),
  count: wire.waitParameters.count.default(1).describe('How many must match.'),
  after: parameters.after,
  timeout: wire.waitParameters.timeout.default(5000).describe('How long to wait, in milliseconds.'),
  full: z.literal('1').optional().describe('Return whole mails: at most the newest 200.'),
});

const LATELY_MS = 10_000;

/** Waiting for mail, and asserting on it. */
export function expectRoutes(backend: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/messages/wait',
      doc: {
        id: 'waitForMessages',
        does: 'Waits until enough mails match, and returns them at once.',
        query: waited,
        gives: wire.waited,
        fails: ['bad-query', 'too-many-searches', 'search-failed'],
        otherwise: { status: 408, type: 'application/problem+json', gives: wire.unmet },
      },
      handle: async (_req, res, wanted) => {
        await answer(backend, res, 408, {
          query: wanted.q === undefined ? everything : await readQuery(wanted.q, backend.store),
          count: { min: wanted.count, max: Number.POSITIVE_INFINITY },
          within: wanted.timeout,
          quiet: 0,
          after: wanted.after,
          full: wanted.full === '1',
        });
      },
    }),
    route({
      method: 'post',
      path: '/api/expect',
      body: 'application/json',
      doc: {
        id: 'expectMessages',
        does: 'Asserts on mail: how many, how soon, and what each must contain. A failure comes with an explanation.',
        takes: wire.expectation,
        gives: wire.met,
        fails: ['bad-query', 'too-many-searches', 'search-failed'],
        otherwise: { status: 417, type: 'application/problem+json', gives: wire.unmet },
      },
      handle: async (req, res) => {
        const { q, where, count, message, ...rest } = read(wire.expectation, req.body, 'body');
        await checkExpressions({ where, message }, backend.store);
        const asked = q === undefined ? [] : [await readQuery(q, backend.store)];
        const query = all([...asked, ...(where ? whereQueries(where) : [])]);
        await answer(backend, res, 417, { ...rest, query, count: range(count), message });
      },
    }),
  ];
}

async function answer(
  backend: Backend,
  res: Response,
  status: 408 | 417,
  wanted: Omit<Expectation, 'signal'>,
): Promise<void> {
  const { store, watches, now, slices } = backend;
  // Many tests send first and assert afterwards, so recent refusals count as well.
  const since = new Date(now().getTime() - LATELY_MS);
  const expectation: Expectation = { ...wanted, signal: clientLeft(res, slices) };
  const outcome = await expectMail({ store, watches, slices }, expectation, now);
  const { matching, contents, elapsed, failure } = outcome;
  if (failure !== null) {
    const reason = report(expectation, outcome, await store.refusals(since));
    return sendJson(res.status(status), unmet(status, outcome, reason), slices, 'application/problem+json');
  }
  // Not the store's newest seq: mail may have arrived since these were counted, and must not be skipped.
  const cursor = Math.max(wanted.after ?? 0, ...matching.map(({ seq }) => seq));
  const head = { ...(status === 417 && { pass: true }), cursor, elapsed };
  const stored = new Map((await store.getMany([...contents.keys()])).map((one) => [one.summary.id, one]));
  const mails = matching.map((summary) => async () => {
    const content = contents.get(summary.id);
    if (!content) return toWireSummary(summary);
    const whole = stored.get(summary.id);
    return whole ? toWireMessage(whole, content) : null;
  });
  await sendMails(res, head, mails, slices);
}

/** The lists of mails are built while they are sent. */
type Unmet = Omit<wire.Unmet, 'arrived' | 'messages'> &
  Record<'arrived' | 'messages', Iterable<ReturnType<typeof toWireSummary>>>;

function unmet(status: 408 | 417, outcome: Outcome, reason: string): Unmet {
  const { arrived, others, undecided, closest, matching, elapsed } = outcome;
  const code = status === 408 ? 'wait-timeout' : 'expectation-failed';
  return {
    ...problemOf(code, status, reason.split('\n').slice(0, 2).join(' ')),
    pass: false,
    reason,
    arrived: toWireSummaries(arrived),
    others,
    undecided,
    closest: closest.map(({ message, misses }) => ({ id: message.id, subject: message.subject, misses: [...misses] })),
    messages: toWireSummaries(matching),
    elapsed,
  };
}

function range(count: wire.Expectation['count']): Expectation['count'] {
  if (typeof count === 'number') return { min: count, max: count };
  const max = count?.max ?? Number.POSITIVE_INFINITY;
  return { min: count?.min ?? Math.min(1, max), max };
}

function all(queries: readonly Query[]): Query {
  const [first, ...more] = queries;
  return first === undefined ? everything : more.length === 0 ? first : { match: 'all', of: queries };
}
