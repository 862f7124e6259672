import type { Request } from 'express';
import { z } from 'zod';
import { MailstopError } from '../../../wire/errors.ts';
import * as wire from '../../../wire/message.ts';
import { part } from '../../../wire/part.ts';
import { everything } from '../../../wire/query/query.ts';
import { mailPage } from '../../message/html/page.ts';
import type { Store } from '../../store/store.ts';
import { mailPolicy, partUrls } from '../answer/html-page.ts';
import { downloadHeaders, PICTURE_TYPES, pictureType, sendDownload } from '../answer/mail-bytes.ts';
import { toWireMessage, toWireSummary } from '../answer/present.ts';
import { failsToWrite } from '../answer/problem.ts';
import { sendJson } from '../answer/send-json.ts';
import { sendOctets } from '../answer/send-octets.ts';
import { sendPieces } from '../answer/send-pieces.ts';
import { idOf, notFound, parameters, queryOf, read } from '../request/request.ts';
import { type Backend, type Route, route } from '../route.ts';

const fails = ['message-not-found', 'bad-query', 'too-many-searches', 'search-failed'] as const;
/** `q` chooses what `latest` means. */
const which = z.object({ q: parameters.q });
type Which = z.output<typeof which>;

const failsOnPart = [...fails, 'part-not-found'] as const;

/** One mail and its parts. Reading changes nothing, not even the read mark. */
export function singleMessageRoutes({ store, slices, version }: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/messages/:id',
      doc: {
        id: 'getMessage',
        does: 'Returns one mail, decoded. The id latest means the newest, or the newest that matches q.',
        query: which,
        gives: wire.message,
        fails,
      },
      handle: async (req, res, query) => {
        const { stored, content } = await load(store, req, query);
        await sendJson(res, toWireMessage(stored, content) satisfies wire.Message, slices);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/:id/raw',
      doc: {
        id: 'getRaw',
        does: 'Returns the raw mail, exactly as received.',
        query: which,
        gives: 'message/rfc822',
        ranged: true,
        fails: [...fails, 'range-not-satisfiable'],
      },
      handle: async (req, res, query) => {
        const stored = await find(store, req, query);
        const { id, subject } = stored.summary;
        const raw = await store.raw(id);
        if (!raw) throw notFound(id);
        sendOctets(res, id, downloadHeaders('message/rfc822', `${subject ?? id}.eml`), raw);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/:id/text',
      doc: { id: 'getText', does: 'Returns the plain text.', query: which, gives: 'text/plain', fails: failsOnPart },
      handle: async (req, res, query) => {
        const { stored, content } = await load(store, req, query);
        if (content.text === null) throw noPart(stored.summary.id, 'plain text', content.problem);
        await sendDownload(
          res,
          'text/plain; charset=utf-8',
          `${stored.summary.subject ?? stored.summary.id}.txt`,
          content.text,
          slices,
        );
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/:id/html',
      doc: {
        id: 'getHtml',
        does: 'Returns the HTML as a page to embed in a frame: inline images work, scripts do not run, nothing remote is loaded.',
        query: which.extend({
          remote: z.literal('1').optional().describe('Allow remote images, styles and fonts.'),
        }),
        gives: 'text/html',
        fails: failsOnPart,
      },
      handle: async (req, res, query) => {
        const { stored, content } = await load(store, req, query);
        const { id } = stored.summary;
        if (content.html === null) throw noPart(id, 'HTML', content.problem);
        const remote = query.remote === '1';
        res.set('Content-Security-Policy', mailPolicy(remote)).type('text/html; charset=utf-8');
        await sendPieces(res, mailPage(content.html, { find: partUrls(id, content.attachments), remote }), slices);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/:id/headers',
      doc: {
        id: 'getHeaders',
        does: 'Returns the header fields, decoded, in order and with repeats.',
        query: which,
        gives: wire.message.shape.headers,
        fails,
      },
      handle: async (req, res, query) => {
        const { content } = await load(store, req, query);
        await sendJson(res, [...content.headers] satisfies wire.Message['headers'], slices);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/:id/parts',
      doc: {
        id: 'getParts',
        does: 'Returns the MIME structure: each part, its position in the raw mail, and how it was used.',
        query: which,
        gives: part,
        fails: failsOnPart,
      },
      handle: async (req, res, query) => {
        const { stored, content } = await load(store, req, query);
        if (content.structure === null) throw noPart(stored.summary.id, 'readable', content.problem);
        await sendJson(res, content.structure, slices);
      },
    }),
    route({
      method: 'get',
      path: '/api/messages/:id/attachments/:index',
      doc: {
        id: 'getAttachment',
        does: 'Returns the decoded content of an attachment or inline part.',
        query: which,
        gives: ['application/octet-stream', ...PICTURE_TYPES],
        ranged: true,
        fails: [...failsOnPart, 'range-not-satisfiable'],
      },
      handle: async (req, res, query) => {
        const { stored, content } = await load(store, req, query);
        const { id } = stored.summary;
        const attachment = content.attachments.find(({ index }) => String(index) === req.params['index']);
        const bytes = attachment && (await store.attachment(id, attachment.index));
        if (!attachment || !bytes) throw noAttachment(id, String(req.params['index']), content.attachments.length);
        const picture = pictureType(bytes);
        const headers = picture
          ? { 'Content-Type': picture }
          : downloadHeaders('application/octet-stream', attachment.filename ?? `part-${attachment.index}`);
        // Another version of Mailstop may decode the mail differently.
        sendOctets(res, `${id}/${attachment.index}/${version}`, headers, bytes);
      },
    }),
    route({
      method: 'patch',
      path: '/api/messages/:id',
      body: 'application/json',
      doc: {
        id: 'updateMessage',
        does: 'Marks or tags the mail.',
        query: which,
        takes: wire.patch,
        gives: wire.summary,
        fails: [...fails, ...failsToWrite],
      },
      handle: async (req, res, query) => {
        const change = read(wire.patch, req.body, 'body');
        const { id } = (await find(store, req, query)).summary;
        await store.update([id], change);
        await store.saved();
        const stored = await store.get(id);
        if (!stored) throw notFound(id);
        res.json(toWireSummary(stored.summary));
      },
    }),
    route({
      method: 'delete',
      path: '/api/messages/:id',
      doc: {
        id: 'deleteMessage',
        does: 'Deletes the mail.',
        query: which,
        gives: wire.deleted,
        fails: [...fails, ...failsToWrite],
      },
      handle: async (req, res, query) => {
        for (;;) {
          const { id } = (await find(store, req, query)).summary;
          const { length } = await store.remove([id]);
          if (length > 0) return void res.json({ deleted: length } satisfies wire.Deleted);
          // Another request has just deleted it, so another mail is the latest now.
          if (req.params['id'] !== 'latest') throw notFound(id);
        }
      },
    }),
  ];
}

/** The mail that the path names: by its id, or the newest (that matches `q`) as `latest`. */
async function find(store: Store, req: Request, query: Which) {
  const id = req.params['id'] === 'latest' ? await latest(store, query) : idOf(req);
  const stored = await store.get(id);
  if (!stored) throw notFound(id);
  return stored;
}

async function latest(store: Store, query: Which): Promise<string> {
  const { messages, counts } = await store.list((await queryOf(query, store)) ?? everything, { limit: 1 });
  const [newest] = messages;
  if (newest) return newest.id;
  throw new MailstopError(
    'message-not-found',
    counts.total === 0 ? 'There is no mail yet.' : `None of the ${counts.total} mails matches "${query.q}".`,
  );
}

async function load(store: Store, req: Request, query: Which) {
  const stored = await find(store, req, query);
  const content = await store.content(stored.summary.id);
  if (!content) throw notFound(stored.summary.id);
  // Parsing may just have filled in the preview and the attachments.
  return { stored: (await store.get(stored.summary.id)) ?? stored, content };
}

function noPart(id: string, part: string, problem: string | null): MailstopError {
  const why = problem === null ? '' : ` It could not be parsed: ${problem}`;
  return new MailstopError('part-not-found', `The mail "${id}" has no ${part} part.${why}`);
}

function noAttachment(id: string, index: string, length: number): MailstopError {
  const range = length === 0 ? 'it has none' : `expected 0 to ${length - 1}`;
  return new MailstopError('part-not-found', `The mail "${id}" has no attachment "${index}": ${range}.`);
}
