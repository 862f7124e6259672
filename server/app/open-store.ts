import { randomBytes } from 'node:crypto';
import type { Closer } from '../closer.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { FreeSpace } from '../store/disk/files/space.ts';
import { JOURNAL_OCTETS, openArchive } from '../store/disk/start/open.ts';
import type { Progress } from '../store/disk/start/pace.ts';
import { idMaker } from '../store/ids.ts';
import { MemoryStore } from '../store/memory/memory.ts';
import { Contents } from '../store/parse/contents.ts';
import type { Limits } from '../store/store.ts';
import { startUpkeep } from '../store/upkeep.ts';

interface StoreSurroundings {
  readonly log: Log;
  readonly now: () => Date;
  readonly report: (error: unknown) => void;
  /** Called with how much of the mail of earlier runs has been read. */
  readonly progress: Progress;
  /** Free octets for a folder; by default the file system is asked. */
  readonly freeSpace?: ((folder: string) => Promise<number>) | undefined;
  /** Aborts opening. */
  readonly stop?: AbortSignal | undefined;
}

/** Cache of parsed mails if mail is on disk, in octets. Small, to save memory. */
const CACHE_ON_DISK = 8 * 1024 * 1024;

/**
 * Opens the store and starts its background jobs.
 * @param opened takes everything that has to be closed
 * @throws {MailstopError} `cannot-open-data`
 */
export async function openStore(config: Config, opened: Closer, surroundings: StoreSurroundings) {
  const { log, now, report, progress, freeSpace, stop = null } = surroundings;
  const { data, minFreeDisk, maxAge } = config;
  const limits: Limits = { messages: config.maxMessages, bytes: config.maxBytes, age: maxAge };
  const contents = opened.use(new Contents(data === null ? {} : { cacheOctets: CACHE_ON_DISK }));

  const space = data === null || minFreeDisk === null ? null : new FreeSpace(data, minFreeDisk, freeSpace);
  // The free-space floor guarantees room for the files of mails that wait in journals. Without a floor, none may wait.
  const journal = { octets: minFreeDisk === null ? 0 : JOURNAL_OCTETS, room: minFreeDisk ?? 0 };
  const disk = data === null ? null : await openArchive(data, { log, space, journal, progress, signal: stop });
  if (disk) opened.use(disk.archive);
  const newId = idMaker(now, randomBytes);
  const store = new MemoryStore({ limits, contents, epoch: newId(), newId, now, report, ...disk });
  if (disk) await store.adopt(disk.earlier);

  if (space) {
    const watching = await space.watch((state) => {
      if (state.low) log.warn('disk low', { ...state });
      else log.info('disk has room', { ...state });
      store.announceDisk(state).catch(report);
    });
    opened.defer(() => watching[Symbol.dispose]());
  }
  const upkeep = await startUpkeep(store, { age: maxAge, now, report });
  opened.defer(() => upkeep[Symbol.dispose]());
  /** The current state of the disk: its free space, if there is a floor, and why mail is rejected, if it is. */
  const lookAtDisk = async () => {
    const free = (await space?.fresh()) ?? null;
    return { state: free?.state ?? null, refusal: (await disk?.folder.trouble()) ?? free?.refusal ?? null };
  };
  return { store, lookAtDisk, limits, warm: () => void contents.warm() };
}
