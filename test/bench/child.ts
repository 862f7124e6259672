import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpClient } from './smtp-client.ts';

const PATIENCE_MS = 20_000;

/** A program under measurement. Disposing of it ends it and removes its folder. */
export interface Child extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Its own folder, for anything that it writes. */
  readonly folder: string;
}

interface Surroundings {
  readonly ipc?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a Node program. */
export function startChild(args: (folder: string) => readonly string[], surroundings: Surroundings = {}): Child {
  return startProgram(process.execPath, args, surroundings);
}

/** Starts any program; what it prints goes to a file, which is cheap and can be shown if it fails. */
export function startProgram(
  command: string,
  args: (folder: string) => readonly string[],
  { ipc = false, env = {} }: Surroundings = {},
): Child {
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-bench-'));
  const log = openSync(join(folder, 'output.log'), 'w');
  const stdio: SpawnOptions['stdio'] = ['ignore', log, log, ...(ipc ? (['ipc'] as const) : [])];
  const child = spawn(command, args(folder), { stdio, cwd: folder, env: { ...process.env, ...env } });
  closeSync(log);
  // A program that can't be started has no pid, which is checked next; ignore the event.
  child.on('error', () => {});
  if (child.pid === undefined) throw new Error(`${[command, ...args(folder)].join(' ')} could not be started`);
  return {
    process: child,
    pid: child.pid,
    folder,
    async [Symbol.asyncDispose]() {
      const over = child.exitCode !== null || child.signalCode !== null;
      const exit = over ? null : once(child, 'exit');
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(killing);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Waits for the greeting, trying again every few milliseconds until something listens.
 * @throws when the program ends or does not greet in time; the error has what it printed
 */
export async function greeted({ process, folder }: Child, port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (process.exitCode === null && performance.now() < deadline) {
    if (await greets(port)) return;
    await sleep(2);
  }
  const output = readFileSync(join(folder, 'output.log'), 'utf8').slice(-2_000);
  throw new Error(`nothing greets on port ${port}; the program printed:\n${output}`);
}

async function greets(port: number): Promise<boolean> {
  try {
    await using _client = await SmtpClient.open(port);
    return true;
  } catch {
    return false;
  }
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
