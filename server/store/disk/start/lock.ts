import { readFileSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isExhausted, MailstopError } from '../../../../wire/errors.ts';
import { codeOf, isThere } from '../files/files.ts';
import { assertReadable, FORMATS, parseJson } from '../files/format.ts';
import type { Place } from '../files/place.ts';

const owner = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started, in the system's own format; null when unknown. */
  started: z.string().nullable(),
});
type Owner = z.infer<typeof owner>;

/** How often the owner shows that it is alive, in milliseconds. */
const BEAT = 2000;
/** After this long without a sign of life, in milliseconds, an owner that can't be checked counts as dead. */
const SILENCE = 10_000;
/**
 * The owner may write only for this long after it has verified the lock, in milliseconds. A process that takes over
 * from a silent owner waits as long, since that owner may have been paused and may resume at any moment.
 */
const LEASE = 1000;

export interface Lock extends AsyncDisposable {
  /** Whether the lease holds. If not, nothing may be written before `look` has resolved. */
  readonly holds: boolean;
  /**
   * Checks that the folder is ours, and starts a new lease.
   * @throws {MailstopError} `data-unwritable` when somebody else has or may have had it
   * @throws an ENOENT when the folder is gone, or empty
   */
  look(): Promise<void>;
  /** Locks the folder again after it was deleted and recreated. @throws like `lock` and `look` */
  renew(): Promise<void>;
}

/**
 * Locks a folder for this process, by a file that names it. A dead owner does not block: on the same host its process
 * is checked, on another one (a container counts as one) its signs of life.
 * @param lost called with the reason when another process is found to have the folder
 * @throws {MailstopError} `cannot-open-data`, naming the process that has the folder
 * @throws {NewerFormat}
 */
export async function lock({ root, mail, lock: path }: Place, lost: (reason: string) => void): Promise<Lock> {
  const self: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const text = JSON.stringify({ version: FORMATS.lock, ...self });
  if ((await claim(path, text)) === 'from the silent') await pause(LEASE);
  let seen = clocks();
  let isOurs = true;
  const look = async () => {
    const since = clocks();
    const found = await readFile(path, 'utf8').catch(async (error: unknown) => {
      // If its mail is missing too, this is a new folder.
      if (codeOf(error) !== 'ENOENT' || !(await isThere(mail))) throw error;
      return null;
    });
    const wasOurs = isOurs;
    isOurs = found === text;
    if (isOurs) {
      seen = since;
      return;
    }
    const reason = `${root} ${found === null ? LOCK_GONE : takenOver(found)}`;
    if (wasOurs) lost(reason);
    throw new MailstopError('data-unwritable', reason);
  };
  const alive = () => {
    const now = new Date();
    return utimes(path, now, now);
  };
  const beat = setInterval(() => {
    look()
      .catch((error: unknown) => {
        // Out of file descriptors: that does not mean that the folder is lost.
        if (!isExhausted(error)) throw error;
      })
      .then(alive)
      .catch(() => {});
  }, BEAT).unref();
  return {
    get holds() {
      return clocks().every((now, which) => {
        const passed = now - (seen[which] ?? 0);
        return passed >= 0 && passed < LEASE;
      });
    },
    look,
    renew: async () => {
      await look().catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await claim(path, text);
        await look();
      });
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(beat);
      // Remove only our own lock: the folder may have been replaced.
      const found = await readFile(path, 'utf8').catch((error: unknown) => (isExhausted(error) ? text : null));
      if (found === text) await rm(path, { force: true });
    },
  };
}

/** The first may stop while the machine sleeps; the second may be set. */
function clocks(): readonly number[] {
  return [performance.now(), Date.now()];
}

const LOCK_GONE = 'has lost its lock, so another process may have changed it; restart this one';

/** @param text content of the lock file */
function takenOver(text: string): string {
  const { data } = owner.safeParse(parseJson(text));
  const who = data ? `process ${data.pid} on ${data.host}` : 'another process';
  return `was taken over by ${who}, since this one gave no sign of life for ${SILENCE / 1000} s; stop one of the two and restart the other`;
}

/** @returns whether it was taken from an owner that was silent but may be alive */
async function claim(path: string, text: string): Promise<'from the silent' | 'from nobody'> {
  let from: 'from the silent' | 'from nobody' = 'from nobody';
  while (!(await create(path, text))) {
    const holder = await holderOf(path);
    if (holder === 'dead' || holder === 'silent') {
      await takeAway(path, text);
      if (holder === 'silent') from = 'from the silent';
    } else if (holder !== 'nobody') throw inUse(path, holder);
  }
  return from;
}

/** @returns false when the file already exists */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // On a full disk the file may exist but be empty: the next start would take it for another process's lock.
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

function inUse(path: string, owner: Owner | 'unknown'): MailstopError {
  const why =
    owner === 'unknown'
      ? `${path} has just been written, and does not say by which process: try again in ${SILENCE / 1000} seconds`
      : `the folder is in use by process ${owner.pid} on ${owner.host}: stop it, or remove ${path} if that is not a Mailstop`;
  return new MailstopError('cannot-open-data', why);
}

/**
 * Removes a dead owner's lock, but never that of a process that was faster: only the holder of a second lock may check
 * and remove. A process may also die holding that one; it is taken over in the same way.
 */
async function takeAway(path: string, text: string): Promise<void> {
  const guard = `${path}.takeover`;
  await claim(guard, text);
  try {
    const holder = await holderOf(path);
    if (holder === 'dead' || holder === 'silent') await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** `silent`: no sign of life, but on another host, so it can't be checked. */
async function holderOf(path: string): Promise<Owner | 'unknown' | 'dead' | 'silent' | 'nobody'> {
  const found = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch(() => null);
  if (found === null) return 'nobody';
  const [text, { mtimeMs }] = found;
  const silent = Date.now() - mtimeMs > SILENCE;
  const value = parseJson(text);
  assertReadable('lock', value, path);
  const parsed = owner.safeParse(value);
  // It may be being written right now.
  if (!parsed.success) return silent ? 'dead' : 'unknown';
  if (parsed.data.host !== hostname()) return silent ? 'silent' : parsed.data;
  return isAlive(parsed.data) ? parsed.data : 'dead';
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and belongs to another user.
    return codeOf(error) === 'EPERM';
  }
  // Process ids are reused, especially in a container, where the server always has the same one.
  const start = startOf(pid);
  return start === null || started === null || start === started;
}

/** Linux: the start time is field 22, counted from after the name, which may contain anything. */
function startOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}
