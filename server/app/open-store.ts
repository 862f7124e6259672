import { randomBytes } from 'node:crypto';
import type { Closer } from '../closer.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { FreeSpace } from '../store/disk/files/space.ts';
import { JOURNAL_OCTETS, openArchive } from '../store/disk/start/open.ts';
import type { Progress } from '../store/disk/start/pace.ts';
import { startExpiry } from '../store/expiry.ts';
import { idMaker } from '../store/ids.ts';
import { startIndexer } from '../store/indexer.ts';
import { MemoryStore } from '../store/memory/memory.ts';
import { Contents } from '../store/parse/contents.ts';
import { SavedSearches } from '../store/searches.ts';
import type { Limits } from '../store/store.ts';

interface StoreSurroundings {
  readonly log: Log;
  readonly now: () => Date;
  readonly report: (error: unknown) => void;
  /** Told how much of the mail of earlier runs has been read. */
  readonly progress: Progress;
  /** Octets that are free where a folder is; the file system is asked without it. */
  readonly freeSpace?: ((folder: string) => Promise<number>) | undefined;
  /** Ends the opening. */
  readonly stop?: AbortSignal | undefined;
}

/** What is kept of parsed mails where mail is on the disk, so that little memory is needed, in octets. */
const CACHE_ON_DISK = 8 * 1024 * 1024;

/**
 * Opens the store with all that works on it by itself.
 * @param opened gets what has to be closed
 * @throws {MailstopError} `cannot-open-data`
 */
export async function openStore(config: Config, opened: Closer, surroundings: StoreSurroundings) {
  const { log, now, report, progress, freeSpace, stop = null } = surroundings;
  const { data, minFreeDisk, maxAge } = config;
  const limits: Limits = { messages: config.maxMessages, bytes: config.maxBytes, age: maxAge };
  const contents = opened.use(new Contents(data === null ? {} : { cacheOctets: CACHE_ON_DISK }));

  const space = data === null || minFreeDisk === null ? null : new FreeSpace(data, minFreeDisk, freeSpace);
  // What waits for a file of its own will find room for it in what is left free. Where nothing is, nothing waits.
  const journal = { octets: minFreeDisk === null ? 0 : JOURNAL_OCTETS, room: minFreeDisk ?? 0 };
  const disk = data === null ? null : await openArchive(data, { log, space, journal, progress, signal: stop });
  if (disk) opened.use(disk.archive);
  const store = new MemoryStore({ limits, contents, newId: idMaker(now, randomBytes), now, report, ...disk });
  if (disk) await store.adopt(disk.earlier);
  const searches = new SavedSearches(store, disk?.archive ?? null);

  if (space) {
    const watching = await space.watch((state) => {
      if (state.low) log.warn('disk low', { ...state });
      else log.info('disk has room', { ...state });
      store.announce({ type: 'disk', disk: state }).catch(report);
    });
    opened.defer(() => watching[Symbol.dispose]());
  }
  if (maxAge !== null) {
    const expiry = await startExpiry(store, { age: maxAge, now, report });
    opened.defer(() => expiry[Symbol.dispose]());
  }
  const indexer = startIndexer(store, report);
  opened.defer(() => indexer[Symbol.dispose]());
  /** Where mail is kept, as it is now: its free space, if that counts, and why no mail is taken, if that is so. */
  const lookAtDisk = async () => {
    const free = (await space?.fresh()) ?? null;
    return { state: free?.state ?? null, refusal: (await disk?.folder.trouble()) ?? free?.refusal ?? null };
  };
  return { store, searches, lookAtDisk, limits, warm: () => void contents.warm() };
}
