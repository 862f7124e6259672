import type { Response } from 'express';
import { z } from 'zod';
import { MailstopError } from '../../errors.ts';
import type { Summary } from '../../message/message.ts';
import { everything } from '../../message/query.ts';
import type { Store } from '../../store/store.ts';
import { clientLeft } from '../client-left.ts';
import { toWireSummaries } from '../present.ts';
import { failsToWrite } from '../problem.ts';
import { described, pageParameters, queryOf, queryOfMany, read, wholeNumber } from '../request.ts';
import type { Backend, Route } from '../route.ts';
import { sendJson } from '../send-json.ts';
import { MAX_WHOLE, sendMails, wholeMails } from '../send-mails.ts';
import { incomingOf } from '../upload.ts';
import * as wire from '../wire.ts';

const { q, limit, offset, before, after, all } = described;

/** The mails as a collection: list, put in, change and delete many. */
export function messageRoutes({ store, deliver, now, messageBytes, slices }: Backend): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/api/messages',
      doc: {
        does: 'Lists mails, newest first, with how many match in all. With ids: those mails, whole and in that order.',
        query: [
          q,
          limit,
          offset,
          before,
          after,
          {
            name: 'ids',
            schema: z.string(),
            about: `Ids with commas between them, at most ${MAX_WHOLE}, and no other parameter. Mails that are gone are left out.`,
          },
          {
            name: 'full',
            schema: z.literal('1'),
            about: `Whole mails, as of /api/messages/{id}; limit is at most ${MAX_WHOLE} then.`,
          },
        ],
        gives: z.union([wire.wholeListing, wire.listing]),
        fails: ['bad-query', 'too-many-searches', 'search-failed'],
      },
      handle: async (req, res) => {
        if (req.query['ids'] !== undefined) return sendByIds(store, res, idsOf(req.query));
        const full = read(z.literal('1').optional(), req.query['full'], 'query parameter "full"') === '1';
        const page = read(full ? wholePage : pageParameters, pickPage(req.query), 'query parameter');
        const signal = clientLeft(res, slices);
        const query = (await queryOf(req, store)) ?? everything;
        const { messages, matched, counts, seq } = await store.list(query, page, signal);
        const last = messages.length === page.limit ? messages.at(-1) : undefined;
        const rest = { matched, total: counts.total, cursor: last?.seq ?? null, counts, seq };
        if (full) return sendMails(res, rest, wholeMails(store, idsIn(messages)));
        await sendJson(res, {
          messages: toWireSummaries(messages),
          ...(rest satisfies Omit<wire.Listing, 'messages'>),
        });
      },
    },
    {
      method: 'post',
      path: '/api/messages',
      body: 'message/rfc822',
      doc: {
        does: 'Puts a mail in without SMTP. The envelope is what from and to say, else what the headers say.',
        query: [
          { name: 'from', schema: z.string(), about: 'Sender of the envelope; empty for the null sender.' },
          { name: 'to', schema: z.string(), about: 'Recipient of the envelope.', repeats: true },
        ],
        gives: wire.created,
        status: 201,
        fails: ['body-too-large', ...failsToWrite],
      },
      handle: async (req, res) => {
        const incoming = incomingOf(req, now());
        if (incoming.raw.length > messageBytes) {
          const { length } = incoming.raw;
          throw new MailstopError(
            'message-too-large',
            `The mail has ${length} octets, the limit (--max-message-size) is ${messageBytes}.`,
          );
        }
        const { id } = await deliver(incoming);
        const stored = await store.get(id);
        res.status(201).location(`/api/messages/${id}`);
        res.json({ id, seq: stored?.summary.seq ?? 0 } satisfies wire.Created);
      },
    },
    {
      method: 'patch',
      path: '/api/messages',
      body: 'application/json',
      doc: {
        does: 'Marks or tags all mails that match.',
        query: [q, all],
        takes: wire.patch,
        gives: wire.patched,
        fails: ['bad-query', 'too-many-searches', 'search-failed', ...failsToWrite],
      },
      handle: async (req, res) => {
        const ids = await store.ids(await queryOfMany(req, store));
        const updated = await store.update(ids, read(wire.patch, req.body, 'body'));
        await store.saved();
        res.json({ updated: updated.length } satisfies wire.Patched);
      },
    },
    {
      method: 'delete',
      path: '/api/messages',
      doc: {
        does: 'Deletes all mails that match.',
        query: [q, all],
        gives: wire.deleted,
        fails: ['bad-query', 'too-many-searches', 'search-failed', ...failsToWrite],
      },
      handle: async (req, res) => {
        const query = await queryOfMany(req, store);
        const deleted =
          query.match === 'everything' ? await store.clear() : (await store.remove(await store.ids(query))).length;
        res.json({ deleted } satisfies wire.Deleted);
      },
    },
  ];
}

const wholePage = pageParameters.extend({
  limit: wholeNumber.pipe(z.int().min(1).max(MAX_WHOLE)).default(50),
});

const manyIds = z.array(wire.messageId).min(1).max(MAX_WHOLE);

/** The ids of `ids=a,b`, each once. @throws {MailstopError} `bad-request` for what can't be ids, and beside other parameters */
function idsOf({ ids, full, ...others }: Record<string, unknown>): readonly string[] {
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new MailstopError('bad-request', `query parameter "ids" names the mails: leave out "${other}"`);
  const text = read(z.string(), ids, 'query parameter "ids"');
  return [...new Set(read(manyIds, text.split(','), 'query parameter "ids"'))];
}

async function sendByIds(store: Store, res: Response, ids: readonly string[]): Promise<void> {
  const { seq, counts } = await store.stats();
  const there = await Promise.all(ids.map((id) => store.get(id)));
  const matched = there.filter((stored) => stored !== null).length;
  const head = { matched, total: counts.total, cursor: null, counts, seq };
  await sendMails(res, head, wholeMails(store, ids));
}

function idsIn(messages: readonly Summary[]): readonly string[] {
  return messages.map(({ id }) => id);
}

function pickPage({ limit, offset, before, after }: Record<string, unknown>) {
  return { limit, offset, before, after };
}
