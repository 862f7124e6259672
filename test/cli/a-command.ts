import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { aSandbox } from '../a-sandbox.ts';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

export interface With {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A child process; collects its output until it ends. */
export function start(program: string, args: readonly string[], { stdin = '', env = {}, cwd }: With = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const options: SpawnOptions = { env: { PATH, HOME, TZ: 'UTC', ...env }, stdio: 'pipe', ...(cwd && { cwd }) };
  const child: ChildProcess = spawn(program, args, options);
  const out: Buffer[] = [];
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  // A command that needs no input may have ended before.
  child.stdin?.on('error', () => {});
  child.stdin?.end(stdin);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const bytes = Buffer.concat(out);
      resolve({ code, signal, out: bytes.toString(), err, bytes });
    });
  });
  return { child, ended };
}

/** A Mailstop, and the command with its URL in the environment. */
export async function aMailstop(config: Parameters<typeof aSandbox>[0] = {}) {
  const sandbox = await aSandbox(config);
  const env = { MAILSTOP_URL: sandbox.url };
  return {
    ...sandbox,
    env,
    /** Puts a mail in without SMTP. @returns its id */
    async put(raw: string | Buffer, envelope = ''): Promise<string> {
      const headers = { 'content-type': 'message/rfc822' };
      const response = await fetch(`${sandbox.url}/api/messages${envelope}`, {
        method: 'POST',
        headers,
        body: raw as string,
      });
      return ((await response.json()) as { id: string }).id;
    },
    start: (args: readonly string[], more: With = {}) =>
      start(process.execPath, [CLI, ...args], { ...more, env: { ...env, ...more.env } }),
    /** Runs `mailstop` with these arguments until it ends. */
    run(args: readonly string[], more: With = {}): Promise<Ended> {
      return this.start(args, more).ended;
    },
  };
}

export const reset = [
  'From: Shop <shop@x.test>',
  'To: Ada <ada@x.test>',
  'Subject: Reset your password',
  '',
  'Your code is 493817. Or follow https://shop.test/reset?token=4f9a2c',
  '',
].join('\r\n');
