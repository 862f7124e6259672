import { readFileSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { MailstopError } from '../../errors.ts';
import { codeOf } from './files.ts';

const owner = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process was started, in the system's own measure; null where that can't be had. */
  started: z.string().nullable(),
});
type Owner = z.infer<typeof owner>;

/** The owner shows this often, in milliseconds, that it is alive. */
const BEAT = 2000;
/** After so many without a sign, in milliseconds, an owner that can't be looked for counts as dead. */
const SILENCE = 10_000;

/**
 * Keeps a folder for this process, by a file that names it. An owner that has died is not in the way: on the same
 * host its process is looked for, and on another one (a container is one, too) its signs of life are.
 * @throws {MailstopError} `cannot-open-data`, naming the process that has the folder
 */
export async function lock(path: string): Promise<AsyncDisposable> {
  const text = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Owner);
  while (!(await create(path, text))) {
    const holder = await holderOf(path);
    if (holder === 'dead') await takeAway(path, text);
    else if (holder !== 'nobody') throw inUse(path, holder);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT).unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(beat);
      // Only our own: the folder may have been swapped under us.
      const found = await readFile(path, 'utf8').catch(() => null);
      if (found === text) await rm(path, { force: true });
    },
  };
}

/** @returns false when the file is there already */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function inUse(path: string, { pid, host }: Owner): MailstopError {
  return new MailstopError(
    'cannot-open-data',
    `the folder is in use by process ${pid} on ${host}: stop it, or remove ${path} if it is no Mailstop`,
  );
}

/** Removes a dead owner's lock, and never that of somebody who was quicker: only one at a time may look and remove. */
async function takeAway(path: string, text: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await create(guard, text))) {
    const other = await holderOf(guard);
    if (typeof other !== 'string') throw inUse(guard, other);
    return rm(guard, { force: true });
  }
  try {
    if ((await holderOf(path)) === 'dead') await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function holderOf(path: string): Promise<Owner | 'dead' | 'nobody'> {
  const found = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch(() => null);
  if (found === null) return 'nobody';
  const [text, { mtimeMs }] = found;
  const silent = Date.now() - mtimeMs > SILENCE;
  const parsed = owner.safeParse(parseJson(text));
  // It may be about to be written.
  if (!parsed.success) return silent ? 'dead' : { pid: 0, host: hostname(), started: null };
  if (parsed.data.host !== hostname()) return silent ? 'dead' : parsed.data;
  return isAlive(parsed.data) ? parsed.data : 'dead';
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
  // Numbers come again, most of all in a container, where the server always has the same one.
  const start = startOf(pid);
  return start === null || started === null || start === started;
}

/** When a process was started, as Linux tells it: the 22nd field, counted behind the name, which may hold anything. */
function startOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
