import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

export const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export function flagsFor(data: string): readonly string[] {
  return ['--smtp-port', '0', '--http-port', '0', '--pop3-port', '0', '--log-format', 'json', '--data', data];
}

/** The command in a process of its own, which can be killed. */
export class Server implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  readonly url: string;
  readonly smtp: number;
  readonly pop3: number;
  /** Its log lines since it started listening. */
  readonly logged: string[] = [];

  static start(data: string, ...more: readonly string[]): Promise<Server> {
    return Server.run(process.execPath, [CLI, ...flagsFor(data), ...more]);
  }

  /** Started by another command, which becomes the server or passes signals on to it. */
  static async run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Server> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    const ended = once(child, 'close');
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line);
      if (event.event !== 'listening') continue;
      const server = new Server(child, ended, event);
      createInterface({ input: child.stdout }).on('line', (line) => server.logged.push(line));
      return server;
    }
    throw new Error('the server ended before it listened');
  }

  private constructor(
    child: ChildProcess,
    ended: Promise<unknown[]>,
    { inbox, smtp, pop3 }: { inbox: string; smtp: string; pop3: string },
  ) {
    this.#child = child;
    this.#ended = ended;
    this.url = inbox;
    this.smtp = Number(smtp.split(':').at(-1));
    this.pop3 = Number(pop3.split(':').at(-1));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has stopped: it may run on for a moment after the signal. */
  async pause(): Promise<void> {
    this.signal('SIGSTOP');
    await vi.waitFor(() => {
      const state = execFileSync('ps', ['-o', 'state=', '-p', String(this.pid)], { encoding: 'utf8' });
      if (!state.startsWith('T')) throw new Error(`process ${this.pid} is in state ${state}`);
    }, 60_000);
  }

  /** @returns the exit code and the signal that ended it */
  async end(signal: NodeJS.Signals): Promise<unknown[]> {
    this.#child.kill(signal);
    return this.#ended;
  }

  async get(path: string): Promise<Response> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** The ids of all mails, as the inbox lists them. */
  async list(): Promise<string[]> {
    const ids: string[] = [];
    for (let before = ''; ; ) {
      const { messages } = (await (await this.get(`/api/messages?limit=200${before}`)).json()) as {
        messages: { id: string; seq: number }[];
      };
      const last = messages.at(-1);
      if (!last) return ids;
      ids.push(...messages.map(({ id }) => id));
      before = `&before=${last.seq}`;
    }
  }

  async raw(id: string): Promise<Buffer> {
    return Buffer.from(await (await this.get(`/api/messages/${id}/raw`)).arrayBuffer());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
