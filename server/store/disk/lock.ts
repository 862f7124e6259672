import { readFileSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { isExhausted, MailstopError } from '../../errors.ts';
import { codeOf } from './files.ts';
import { assertReadable, FORMATS, parseJson } from './format.ts';

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

export interface Lock extends AsyncDisposable {
  /** Takes the folder again after it was deleted and made anew. @throws like `lock` */
  renew(): Promise<void>;
}

/**
 * Keeps a folder for this process, by a file that names it. An owner that has died is not in the way: on the same
 * host its process is looked for, and on another one (a container is one, too) its signs of life are.
 * @throws {MailstopError} `cannot-open-data`, naming the process that has the folder
 * @throws {NewerFormat}
 */
export async function lock(path: string): Promise<Lock> {
  const self: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const text = JSON.stringify({ version: FORMATS.lock, ...self });
  await claim(path, text);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT).unref();
  return {
    renew: async () => {
      if ((await readFile(path, 'utf8').catch(() => null)) !== text) await claim(path, text);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(beat);
      // Only our own: the folder may have been swapped under us.
      const found = await readFile(path, 'utf8').catch((error: unknown) => (isExhausted(error) ? text : null));
      if (found === text) await rm(path, { force: true });
    },
  };
}

async function claim(path: string, text: string): Promise<void> {
  while (!(await create(path, text))) {
    const holder = await holderOf(path);
    if (holder === 'dead') await takeAway(path, text);
    else if (holder !== 'nobody') throw inUse(path, holder);
  }
}

/** @returns false when the file is there already */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // On a full disk the file is there, and says nothing: to the next start it would be that of somebody else.
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

function inUse(path: string, owner: Owner | 'unknown'): MailstopError {
  const why =
    owner === 'unknown'
      ? `${path} has just been written, and does not say by which process: try again in ${SILENCE / 1000} seconds`
      : `the folder is in use by process ${owner.pid} on ${owner.host}: stop it, or remove ${path} if it is no Mailstop`;
  return new MailstopError('cannot-open-data', why);
}

/**
 * Removes a dead owner's lock, and never that of somebody who was quicker: only whoever holds a second lock may look and
 * remove. That one may be left by a process that died here, too, and is taken over in the same way.
 */
async function takeAway(path: string, text: string): Promise<void> {
  const guard = `${path}.takeover`;
  await claim(guard, text);
  try {
    if ((await holderOf(path)) === 'dead') await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function holderOf(path: string): Promise<Owner | 'unknown' | 'dead' | 'nobody'> {
  const found = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch(() => null);
  if (found === null) return 'nobody';
  const [text, { mtimeMs }] = found;
  const silent = Date.now() - mtimeMs > SILENCE;
  const value = parseJson(text);
  assertReadable('lock', value, path);
  const parsed = owner.safeParse(value);
  // It may be about to be written.
  if (!parsed.success) return silent ? 'dead' : 'unknown';
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
