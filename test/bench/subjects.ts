import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Child, freePort, greeted, startChild } from './child.ts';
import { ask, getJson } from './http-client.ts';
import type { Place } from './smtp-client.ts';

/** A server to be measured, as a process of its own. */
export interface Subject {
  readonly name: string;
  start(): Promise<RunningSubject>;
}

export interface RunningSubject extends AsyncDisposable {
  readonly smtp: Place;
  /** How many mails it has accepted and stored; null if unknown. */
  accepted(): Promise<number | null>;
  /** Deletes its mail, so that no round is slowed down by an earlier one. */
  clear(): Promise<void>;
}

const dataIn = (folder: string) => join(folder, 'data');
const root = join(import.meta.dirname, '..', '..');

export interface MailstopPorts {
  readonly smtp: number;
  readonly http: number;
  readonly pop3: number;
}

export type Mailstop = Child & { readonly ports: MailstopPorts };

/** Mailstop as it is built, with its defaults but for the ports. */
export function startMailstop(...args: readonly string[]): Promise<Mailstop> {
  return launch(() => args);
}

/** The same with its mail in a folder of its own, which is on the disk that temporary files are on. */
export function startMailstopOnDisk(...args: readonly string[]): Promise<Mailstop> {
  return launch((folder) => ['--data', dataIn(folder), ...args]);
}

/** @param node arguments for Node itself */
export async function launch(
  args: (folder: string) => readonly string[],
  { node = [], ipc = false }: { readonly node?: readonly string[]; readonly ipc?: boolean } = {},
): Promise<Mailstop> {
  const ports = { smtp: await freePort(), http: await freePort(), pop3: await freePort() };
  const child = startChild(
    (folder) => [
      ...node,
      join(root, 'dist', 'cli.js'),
      ...['--smtp-port', `${ports.smtp}`, '--http-port', `${ports.http}`, '--pop3-port', `${ports.pop3}`],
      ...args(folder),
    ],
    { ipc },
  );
  return { ...child, ports };
}

const mailstopServer = z.object({ counts: z.object({ total: z.number(), evicted: z.number() }), seq: z.number() });

const subject = (name: string, launch: () => Promise<Mailstop>): Subject => ({
  name,
  async start() {
    const child = await launch();
    const api = `http://127.0.0.1:${child.ports.http}/api`;
    let cleared = 0;
    const seen = async () => {
      const { counts } = await getJson(`${api}/server`, mailstopServer);
      return counts.total + counts.evicted;
    };
    await greeted(child, child.ports.smtp);
    return {
      smtp: child.ports.smtp,
      accepted: async () => cleared + (await seen()),
      async clear() {
        const { counts } = await getJson(`${api}/server`, mailstopServer);
        await ask(`${api}/messages?all=true`, { method: 'DELETE' });
        cleared += counts.total;
        await deleted(child);
      },
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  },
});

/** Files are deleted after the response; wait, so that it does not disturb the next measurement. */
async function deleted({ folder }: Mailstop): Promise<void> {
  const left = () =>
    existsSync(dataIn(folder)) && readdirSync(dataIn(folder)).some((name) => name.startsWith('cleared-'));
  while (left()) await sleep(10);
}

export const mailstop = subject('Mailstop', startMailstop);
export const mailstopOnDisk = subject('Mailstop with --data', startMailstopOnDisk);

const port = z.object({ port: z.number() });
const accepted = z.object({ accepted: z.number() });

function bare(name: string, program: string, ...args: readonly string[]): Subject {
  return {
    name,
    async start() {
      const child = startChild(() => [join(import.meta.dirname, program), ...args], { ipc: true });
      const [started] = await once(child.process, 'message');
      return {
        smtp: port.parse(started).port,
        async accepted() {
          child.process.send('how many?');
          const [answer] = await once(child.process, 'message');
          return accepted.parse(answer).accepted;
        },
        clear: async () => {
          child.process.send('clear');
        },
        [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
      };
    },
  };
}

export const bareServer = bare('bare smtp-server', 'bare-server.mjs');
export const bareServerWithDelay = bare(
  'bare smtp-server, its greeting delay left in',
  'bare-server.mjs',
  'with-greeting-delay',
);
export const bareNet = bare('bare net server', 'bare-net.mjs');
