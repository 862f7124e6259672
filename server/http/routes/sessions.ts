import { z } from 'zod';
import { MailstopError } from '../../../wire/errors.ts';
import * as wire from '../../../wire/state.ts';
import { linesOf } from '../../net/transcript.ts';
import { sendJson } from '../answer/send-json.ts';
import { parameters, read } from '../request/request.ts';
import { type Backend, type Route, route } from '../route.ts';

const listed = z.object({
  limit: parameters.limit.describe('Return at most this many sessions.'),
  protocol: z.enum(wire.PROTOCOLS).optional().describe('Only sessions of this protocol.'),
  outcome: z.enum(wire.OUTCOMES).optional().describe('Only sessions that ended like this.'),
  peer: z.string().optional().describe('Only sessions of this client: its address, with or without the port.'),
  address: z.string().optional().describe('Only sessions with this sender, recipient or username.'),
  message: z.string().optional().describe('Only the session that brought the mail with this id.'),
});

/** The latest SMTP and POP3 sessions, also those that brought no mail. */
export function sessionRoutes({ store, slices }: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/sessions',
      doc: {
        id: 'listSessions',
        does: 'Lists the latest SMTP and POP3 sessions, newest first, also those that were refused or lost.',
        query: listed,
        gives: wire.sessions,
      },
      handle: async (_req, res, { limit, ...filter }) => {
        const { sessions, matched } = await store.sessions(filter, limit);
        await sendJson(res, { sessions: [...sessions], matched } satisfies wire.Sessions, slices);
      },
    }),
    route({
      method: 'get',
      path: '/api/sessions/:session',
      doc: {
        id: 'getSession',
        does: 'Returns one session with its transcript. Credentials are masked, mails left out.',
        gives: wire.session,
        fails: ['not-found'],
      },
      handle: async (req, res) => {
        const id = read(wire.sessionSummary.shape.id, req.params['session'], 'session id');
        const session = await store.session(id);
        if (session === null)
          throw new MailstopError('not-found', `There is no session "${id}": it is too old, or was before a restart.`);
        const whole = { ...session, transcript: linesOf(session.transcript) };
        await sendJson(res, whole satisfies wire.Session, slices);
      },
    }),
  ];
}
