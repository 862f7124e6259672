import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface RunningProcess extends AsyncDisposable {
  /** Of its inbox. */
  readonly url: string;
  /** Kills it, as in a crash. */
  kill(): Promise<void>;
}

/** Mailstop as its users start it: a process of its own, on free ports unless told otherwise. */
export async function aProcess(more: readonly string[] = []): Promise<RunningProcess> {
  const args = ['--smtp-port', '0', '--http-port', '0', '--pop3-port', '0', '--log-format', 'json', ...more];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    const { inbox } = JSON.parse(line) as { inbox?: string };
    if (inbox === undefined) continue;
    child.stdout.resume();
    return {
      url: inbox,
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
      async [Symbol.asyncDispose]() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error('Mailstop ended before it listened');
}
