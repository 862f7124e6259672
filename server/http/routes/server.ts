import { MailstopError } from '../../../wire/errors.ts';
import * as wire from '../../../wire/message.ts';
import * as state from '../../../wire/state.ts';
import { sendDownload } from '../answer/mail-bytes.ts';
import { sendJson } from '../answer/send-json.ts';
import { type Backend, type Route, route } from '../route.ts';

/** The server itself: version and limits, health, and a test mail. */
export function serverRoutes({
  store,
  about,
  lookAtDisk,
  uptime,
  greetSmtp,
  sendTestMail,
  certificate,
  slices,
}: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/server',
      doc: {
        id: 'getServer',
        does: 'Returns the version, ports, limits and counts of this server.',
        gives: state.server,
      },
      handle: async (_req, res) => {
        const facts = about();
        const { counts, epoch, seq } = await store.stats();
        const disk = (await lookAtDisk()).state;
        res.json({ ...facts, disk, uptime: uptime(), counts, epoch, seq } satisfies state.Server);
      },
    }),
    route({
      method: 'get',
      path: '/api/mailboxes',
      doc: {
        id: 'listMailboxes',
        does: 'Lists the recipient addresses and SMTP usernames that have mail.',
        gives: wire.mailboxes,
      },
      handle: async (_req, res) => {
        const { addresses, usernames } = await store.mailboxes();
        await sendJson(res, { addresses: [...addresses], usernames: [...usernames] } satisfies wire.Mailboxes, slices);
      },
    }),
    route({
      method: 'post',
      path: '/api/test-mail',
      doc: { id: 'sendTestMail', does: 'Sends a sample mail through the SMTP port.', gives: wire.created, status: 201 },
      handle: async (_req, res) => {
        const id = await sendTestMail();
        const stored = await store.get(id);
        res.status(201).location(`/api/messages/${id}`);
        res.json({ id, seq: stored?.summary.seq ?? 0 } satisfies wire.Created);
      },
    }),
    route({
      method: 'get',
      path: '/api/certificate',
      doc: {
        id: 'getCertificate',
        does: 'Returns the certificate of SMTP and POP3, for clients to trust.',
        gives: 'application/x-pem-file',
        fails: ['not-found'],
      },
      handle: async (_req, res) => {
        if (certificate === null)
          throw new MailstopError('not-found', 'There is no certificate: TLS is off. Turn it on with --tls auto.');
        await sendDownload(res, 'application/x-pem-file', 'mailstop.pem', certificate, slices);
      },
    }),
    // These two are not made with `route`, which refuses unknown parameters: probes add some.
    {
      method: 'get',
      path: '/livez',
      doc: { id: 'getLiveness', does: 'Liveness: the process answers.', gives: state.live },
      handle: (_req, res) => void res.json({ live: true } satisfies state.Live),
    },
    {
      method: 'get',
      path: '/readyz',
      doc: {
        id: 'getReadiness',
        does: 'Readiness: SMTP greets, and the mail folder is writable and has room.',
        gives: state.ready,
        otherwise: { status: 503, type: 'application/json', gives: state.ready },
      },
      handle: async (_req, res) => {
        const { refusal } = await lookAtDisk();
        const answer = await greetSmtp().then(
          (greeting) => ({ ready: refusal === null, smtp: greeting }),
          (error: unknown) => ({ ready: false, smtp: String(error) }),
        );
        const ready = { ...answer, disk: refusal, loading: null };
        res.status(ready.ready ? 200 : 503).json(ready satisfies state.Ready);
      },
    },
  ];
}
