import { join } from 'node:path';
import { z } from 'zod';
import { Closer } from '../../server/closer.ts';
import { type Child, freePort, greeted, startChild, startProgram } from './child.ts';
import { ask, getJson } from './http-client.ts';
import type { RunningServer } from './options.ts';
import { SmtpClient } from './smtp-client.ts';
import type { Subject } from './subjects.ts';

/** How to count and delete the mails of a peer. */
interface PeerApi {
  held(): Promise<number>;
  clear(): Promise<void>;
}

interface Started {
  readonly child: Child;
  readonly smtp: number;
  readonly api: PeerApi;
}

function peer(name: string, launch: () => Promise<Started>): Subject {
  return {
    name,
    async start() {
      await using opened = new Closer();
      const { child, smtp, api } = await launch();
      opened.use(child);
      let cleared = 0;
      await greeted(child, smtp);
      const owned = opened.move();
      return {
        smtp,
        accepted: async () => cleared + (await api.held()),
        async clear() {
          cleared += await api.held();
          await api.clear();
        },
        [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
      };
    },
  };
}

const mailDevSummary = z.object({ storeTotal: z.number() });

/** @param command the path from `installMailDev` */
export const mailDev = (command: string): Subject =>
  peer('MailDev 3.0.0', async () => {
    const [smtp, web] = [await freePort(), await freePort()];
    const child = startChild((folder) => [
      command,
      ...['--smtp', `${smtp}`, '--ip', '127.0.0.1', '--web', `${web}`, '--web-ip', '127.0.0.1'],
      ...['--mail-directory', join(folder, 'mail'), '--silent'],
    ]);
    const url = `http://127.0.0.1:${web}/api/email`;
    const api = {
      held: async () => (await getJson(`${url}/summary?limit=1`, mailDevSummary)).storeTotal,
      clear: async () => void (await ask(`${url}/all`, { method: 'DELETE' })),
    };
    return { child, smtp, api };
  });

const mailpitMessages = z.object({ total: z.number() });

/** With its defaults, except reverse DNS lookups and the limit of 500 mails. */
export const mailpit = (command: string): Subject =>
  peer('Mailpit', async () => {
    const [smtp, web] = [await freePort(), await freePort()];
    const child = startProgram(command, () => [
      ...['--smtp', `127.0.0.1:${smtp}`, '--listen', `127.0.0.1:${web}`],
      ...['--smtp-disable-rdns', '--max', '0', '--quiet'],
    ]);
    const url = `http://127.0.0.1:${web}/api/v1/messages`;
    const api = {
      held: async () => (await getJson(`${url}?limit=1`, mailpitMessages)).total,
      clear: async () => void (await ask(url, { method: 'DELETE' })),
    };
    return { child, smtp, api };
  });

/** The requests to delete all mail, of the servers we know. The one that succeeds is used. */
const CLEARS: readonly (readonly [method: string, path: string])[] = [
  ['DELETE', '/api/messages?all=true'], // Mailstop
  ['DELETE', '/api/v1/messages'], // Mailpit, MailHog
  ['DELETE', '/api/email/all'], // MailDev 3
  ['DELETE', '/email/all'], // MailDev 2
  ['DELETE', '/api/messages/*'], // smtp4dev
  ['POST', '/api/mail/purge'], // GreenMail
  ['DELETE', '/messages'], // MailCatcher
];

/**
 * A server that was started by someone else. It may drop mail by its own rules, so only its replies count. Its mail is
 * deleted after each turn if that is possible.
 * @throws when it does not greet
 */
export const running = ({ name, smtp, http }: RunningServer): Subject => ({
  name,
  async start() {
    await using _greeted = await SmtpClient.open(smtp);
    const clear = http === null ? null : await clearing(http);
    if (clear === null) console.error(`${name} can't be told to delete its mail: it will hold all that is sent to it`);
    return {
      smtp,
      accepted: async () => null,
      clear: async () => void (await clear?.()),
      [Symbol.asyncDispose]: async () => {},
    };
  },
});

async function clearing(http: URL): Promise<(() => Promise<unknown>) | null> {
  for (const [method, path] of CLEARS) {
    const url = new URL(path, http).href;
    const { ok } = await fetch(url, { method });
    if (ok) return () => ask(url, { method });
  }
  return null;
}
