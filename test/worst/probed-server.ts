import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { least } from '../cpu.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PROBE = new URL('probe.mjs', import.meta.url).href;

/**
 * No turn of the event loop may hold the main thread longer than this, in milliseconds of CPU time: other load on the
 * machine makes no difference.
 */
export const LONGEST = 50;

/** Only Linux reports the CPU time of a thread. */
export const measures = existsSync('/proc/thread-self/schedstat');

/** A Mailstop in its own process that reports how long its main thread was held. */
export class ProbedServer implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly smtp: number;
  readonly http: number;
  readonly pop3: number;

  static async start(...flags: string[]): Promise<ProbedServer> {
    const ports = ['--smtp-port', '0', '--http-port', '0', '--pop3-port', '0', '--log-format', 'json'];
    const child = fork(CLI, [...ports, ...flags], { execArgv: ['--import', PROBE, '--expose-gc'], silent: true });
    if (!child.stdout || !child.stderr) throw new Error('the server has no output');
    child.stderr.pipe(process.stderr);
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { inbox?: string; smtp?: string; pop3?: string };
      const port = (url = '') => Number(/:(\d+)\/?$/.exec(url)?.[1]);
      if (said.smtp) {
        child.stdout.resume();
        return new ProbedServer(child, port(said.smtp), port(said.inbox), port(said.pop3));
      }
    }
    throw new Error('the server ended before it was ready');
  }

  private constructor(child: ChildProcess, smtp: number, http: number, pop3: number) {
    this.#process = child;
    this.smtp = smtp;
    this.http = http;
    this.pop3 = pop3;
  }

  get url(): string {
    return `http://127.0.0.1:${this.http}`;
  }

  /** The longest time, in milliseconds of CPU, that the main thread was held while this was done. */
  async heldBy(work: () => Promise<unknown>): Promise<number> {
    this.#process.send('begin');
    await work();
    const told = once(this.#process, 'message');
    this.#process.send('end');
    const [{ worst }] = (await told) as [{ worst: number }];
    return worst;
  }

  /** The same, repeated after `after` while it is too long; the shortest. */
  async leastHeldBy(work: () => Promise<unknown>, after?: () => Promise<unknown>): Promise<number> {
    return least(LONGEST, async () => {
      const held = await this.heldBy(work);
      await after?.();
      return held;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
