import { toWireSummary } from '../present.ts';
import type { Backend, Route } from '../route.ts';
import type * as wire from '../wire.ts';

/** The server itself: what it is, whether it is well, and a mail to try it with. */
export function serverRoutes({ store, about, now, greetSmtp, sendTestMail }: Backend): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/api/server',
      handle: async (_req, res) => {
        const facts = about();
        const { counts, seq } = await store.stats();
        const uptime = now().getTime() - Date.parse(facts.startedAt);
        res.json({ ...facts, uptime, counts, seq } satisfies wire.Server);
      },
    },
    {
      method: 'get',
      path: '/api/mailboxes',
      handle: async (_req, res) => {
        const { addresses, usernames } = await store.mailboxes();
        res.json({ addresses: [...addresses], usernames: [...usernames] } satisfies wire.Mailboxes);
      },
    },
    {
      method: 'post',
      path: '/api/test-mail',
      handle: async (_req, res) => {
        const id = await sendTestMail();
        const stored = await store.get(id);
        res.status(201).location(`/api/messages/${id}`);
        res.json(stored ? toWireSummary(stored.summary) : { id });
      },
    },
    {
      method: 'get',
      path: '/livez',
      handle: (_req, res) => void res.json({ live: true }),
    },
    {
      method: 'get',
      path: '/readyz',
      handle: async (_req, res) => {
        const answer = await greetSmtp().then(
          (greeting) => ({ ready: true, smtp: greeting }) satisfies wire.Ready,
          (error: unknown) => ({ ready: false, smtp: String(error) }) satisfies wire.Ready,
        );
        res.status(answer.ready ? 200 : 503).json(answer);
      },
    },
  ];
}
