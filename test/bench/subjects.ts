import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { type Child, freePort, greeted, startChild } from './child.ts';

/** A server to be measured, as a process of its own. */
export interface Subject {
  readonly name: string;
  start(): Promise<RunningSubject>;
}

export interface RunningSubject extends AsyncDisposable {
  readonly child: Child;
  readonly smtp: number;
  /** Mails that it has accepted and, where it stores them, holds or has held. */
  accepted(): Promise<number>;
  /** Drops what it holds, so that no round pays for an earlier one. */
  clear(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');

export interface MailstopPorts {
  readonly smtp: number;
  readonly http: number;
  readonly pop3: number;
}

/** Mailstop as it is built, with its defaults but for the ports. */
export async function startMailstop(...args: readonly string[]): Promise<Child & { readonly ports: MailstopPorts }> {
  const ports = { smtp: await freePort(), http: await freePort(), pop3: await freePort() };
  const child = startChild(() => [
    join(root, 'dist', 'server', 'cli.js'),
    ...['--smtp-port', `${ports.smtp}`, '--http-port', `${ports.http}`, '--pop3-port', `${ports.pop3}`],
    ...args,
  ]);
  return { ...child, ports };
}

const mailstopServer = z.object({ counts: z.object({ total: z.number(), evicted: z.number() }), seq: z.number() });

export const mailstop: Subject = {
  name: 'Mailstop',
  async start() {
    const child = await startMailstop();
    const api = `http://127.0.0.1:${child.ports.http}/api`;
    let cleared = 0;
    const seen = async () => {
      const { counts } = await getJson(`${api}/server`, mailstopServer);
      return counts.total + counts.evicted;
    };
    await greeted(child, child.ports.smtp);
    return {
      child,
      smtp: child.ports.smtp,
      accepted: async () => cleared + (await seen()),
      async clear() {
        const { counts } = await getJson(`${api}/server`, mailstopServer);
        await ask(`${api}/messages?all=true`, { method: 'DELETE' });
        cleared += counts.total;
      },
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  },
};

const mailDevSummary = z.object({ storeTotal: z.number() });

/** @param command the path from `installMailDev` */
export const mailDev = (command: string): Subject => ({
  name: 'MailDev 3.0.0',
  async start() {
    const [smtp, web] = [await freePort(), await freePort()];
    const child = startChild((folder) => [
      command,
      ...['--smtp', `${smtp}`, '--ip', '127.0.0.1', '--web', `${web}`, '--web-ip', '127.0.0.1'],
      ...['--mail-directory', join(folder, 'mail'), '--silent'],
    ]);
    const api = `http://127.0.0.1:${web}/api`;
    let cleared = 0;
    const held = async () => (await getJson(`${api}/email/summary?limit=1`, mailDevSummary)).storeTotal;
    await greeted(child, smtp);
    return {
      child,
      smtp,
      accepted: async () => cleared + (await held()),
      async clear() {
        cleared += await held();
        await ask(`${api}/email/all`, { method: 'DELETE' });
      },
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  },
});

const port = z.object({ port: z.number() });
const accepted = z.object({ accepted: z.number() });

function bare(name: string, ...args: readonly string[]): Subject {
  return {
    name,
    async start() {
      const child = startChild(() => [join(import.meta.dirname, 'bare-server.mjs'), ...args], { ipc: true });
      const [started] = await once(child.process, 'message');
      return {
        child,
        smtp: port.parse(started).port,
        async accepted() {
          child.process.send('how many?');
          const [answer] = await once(child.process, 'message');
          return accepted.parse(answer).accepted;
        },
        clear: async () => {},
        [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
      };
    },
  };
}

export const bareServer = bare('bare smtp-server');
export const bareServerWithDelay = bare('bare smtp-server, its greeting delay left in', 'with-greeting-delay');

async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return response;
}

async function getJson<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const response = await ask(url);
  return schema.parse(await response.json());
}
