import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Response } from 'express';
import { z } from 'zod';
import { ENVELOPED } from '../../../wire/enveloped.ts';
import { MailstopError } from '../../../wire/errors.ts';
import * as wire from '../../../wire/message.ts';
import { everything } from '../../../wire/query/query.ts';
import type { Summary } from '../../message/message.ts';
import { toWireSummaries } from '../answer/present.ts';
import { failsToWrite } from '../answer/problem.ts';
import { sendJson } from '../answer/send-json.ts';
import { MAX_WHOLE, sendMails, wholeMails } from '../answer/send-mails.ts';
import { clientLeft } from '../request/client-left.ts';
import { parameters, queryOf, queryOfMany, read } from '../request/request.ts';
import { givenEnvelope, incomingOf } from '../request/upload.ts';
import { type Backend, type Route, route } from '../route.ts';

const { q, limit, offset, before, after, all } = parameters;

const listed = z.object({
  q,
  limit,
  offset,
  before,
  after,
  ids: z
    .string()
    .optional()
    .describe(
      `At most ${MAX_WHOLE} ids, separated by commas. Allows no other parameter. Mails that no longer exist are left out.`,
    ),
  full: z
    .literal('1')
    .optional()
    .describe(`Return whole mails, as /api/messages/{id} does. The limit is then at most ${MAX_WHOLE}.`),
});

const many = z.object({ q, all });

/** The mails as a collection: list, add, change and delete. */
export function messageRoutes({ store, deliver, now, messageBytes, slices }: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/messages',
      doc: {
        id: 'listMessages',
        does: 'Lists mails, newest first, and how many match in total. With ids, returns those whole mails, in that order.',
        query: listed,
        gives: z.union([wire.wholeListing, wire.listing]),
        fails: ['bad-query', 'too-many-searches', 'search-failed'],
      },
      handle: async (req, res, { q, ids, full, ...page }) => {
        if (ids !== undefined) return sendByIds({ store, slices }, res, idsOf(ids, Object.keys(req.query)));
        if (full) read(z.int().max(MAX_WHOLE), page.limit, 'query parameter "limit" with full=1');
        const signal = clientLeft(res, slices);
        const query = (await queryOf({ q }, store)) ?? everything;
        const { messages, matched, counts, seq } = await store.list(query, page, signal);
        const last = messages.length === page.limit ? messages.at(-1) : undefined;
        const rest = { matched, total: counts.total, cursor: last?.seq ?? null, counts, seq };
        if (full) return sendMails(res, rest, wholeMails(store, await store.getMany(idsIn(messages))), slices);
        const listing = { messages: toWireSummaries(messages), ...(rest satisfies Omit<wire.Listing, 'messages'>) };
        await sendJson(res, listing, slices);
      },
    }),
    route({
      method: 'post',
      path: '/api/messages',
      body: 'message/rfc822',
      doc: {
        id: 'addMessage',
        does: `Adds a mail without SMTP. The envelope is taken from the parameters from and to, otherwise from the headers. An envelope that is too long for a URL goes into the body, of type ${ENVELOPED}: one line of JSON, {"from": "a@b.test", "to": ["c@d.test"]}, then the mail.`,
        query: givenEnvelope,
        gives: wire.created,
        status: 201,
        fails: ['body-too-large', ...failsToWrite],
      },
      handle: async (req, res, given) => {
        const incoming = await incomingOf(req, given, now());
        if (incoming.raw.length > messageBytes) {
          const { length } = incoming.raw;
          throw new MailstopError(
            'message-too-large',
            `The mail has ${length} octets; the limit (--max-message-size) is ${messageBytes}.`,
          );
        }
        // A long header block has just been read for the envelope, and is read again for the list: each takes its turn.
        await nextTurn();
        const { id } = await deliver(incoming);
        const stored = await store.get(id);
        res.status(201).location(`/api/messages/${id}`);
        res.json({ id, seq: stored?.summary.seq ?? 0 } satisfies wire.Created);
      },
    }),
    route({
      method: 'patch',
      path: '/api/messages',
      body: 'application/json',
      doc: {
        id: 'updateMessages',
        does: 'Marks or tags all mails that match.',
        query: many,
        takes: wire.patch,
        gives: wire.patched,
        fails: ['bad-query', 'too-many-searches', 'search-failed', ...failsToWrite],
      },
      handle: async (req, res, which) => {
        const query = await queryOfMany(req, which, store);
        const updated = await store.updateWhere(query, read(wire.patch, req.body, 'body'));
        await store.saved();
        res.json({ updated } satisfies wire.Patched);
      },
    }),
    route({
      method: 'delete',
      path: '/api/messages',
      doc: {
        id: 'deleteMessages',
        does: 'Deletes all mails that match.',
        query: many,
        gives: wire.deleted,
        fails: ['bad-query', 'too-many-searches', 'search-failed', ...failsToWrite],
      },
      handle: async (req, res, which) => {
        const deleted = await store.removeWhere(await queryOfMany(req, which, store));
        res.json({ deleted } satisfies wire.Deleted);
      },
    }),
  ];
}

const manyIds = z.array(z.string()).max(MAX_WHOLE);

/** The ids of `ids=a,b`, each once. @throws {MailstopError} `bad-request` for what can't be ids, and beside other parameters */
function idsOf(text: string, given: readonly string[]): readonly string[] {
  const other = given.find((name) => name !== 'ids' && name !== 'full');
  if (other !== undefined)
    throw new MailstopError('bad-request', `query parameter "ids" names the mails: leave out "${other}"`);
  const what = 'query parameter "ids"';
  return [...new Set(read(manyIds, text.split(','), what).map((id) => read(wire.messageId, id, what)))];
}

async function sendByIds(
  { store, slices }: Pick<Backend, 'store' | 'slices'>,
  res: Response,
  ids: readonly string[],
): Promise<void> {
  const { seq, counts } = await store.stats();
  const there = await store.getMany(ids);
  const head = { matched: there.length, total: counts.total, cursor: null, counts, seq };
  await sendMails(res, head, wholeMails(store, there), slices);
}

function idsIn(messages: readonly Summary[]): readonly string[] {
  return messages.map(({ id }) => id);
}
