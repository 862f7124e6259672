import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MailstopError, reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Earlier } from '../archive.ts';
import { DiskArchive } from './archive.ts';
import { Cleared } from './cleared.ts';
import { type Files, nodeFiles } from './files.ts';
import { fileJournals } from './journals-left.ts';
import { lock } from './lock.ts';
import { MailFiles } from './mail-files.ts';
import { type Place, placeIn } from './place.ts';
import { type Progress, scan } from './scan.ts';
import type { FreeSpace } from './space.ts';
import { State } from './state.ts';

/** Ten thousand mails of some KB, which are filed in seconds. */
export const JOURNAL_OCTETS = 32 * 1024 * 1024;

export interface DiskOptions {
  readonly log: Log;
  readonly files?: Files;
  /** Asked before anything is written. */
  readonly space?: FreeSpace | null;
  /** Octets of mails that may wait for a file of their own after their senders were told; with 0 none does. */
  readonly journalOctets?: number;
  /** Told how many of the files that there are have been read. */
  readonly progress?: Progress;
}

/** @throws {MailstopError} `cannot-open-data` when the folder can't be used or another process uses it */
export async function openArchive(
  folder: string,
  { log, files = nodeFiles, space = null, journalOctets = JOURNAL_OCTETS, progress = () => {} }: DiskOptions,
) {
  const place = placeIn(folder);
  const unusable = (error: unknown) =>
    new MailstopError('cannot-open-data', `${folder} can't be used for mail: ${reasonOf(error)}`, { cause: error });
  try {
    await files.makeFolder(place.root);
  } catch (error) {
    throw unusable(error);
  }
  const locked = await lock(place.lock).catch((error: unknown) => {
    throw unusable(error);
  });
  try {
    for (const path of [place.mail, place.incoming, place.aside]) await files.makeFolder(path);
    for (const path of [place.root, dirname(place.root)]) await files.syncFolder(path);
    await removeIncoming(place, files);
    const state = await State.open(place, files, log);
    const mailFiles = new MailFiles(place, files);
    await fileJournals(place, files, mailFiles, log);
    const { mails, recordFiles, setAside } = await scan(place, state, files, log, progress);
    // A reader that comes back must see that what was set aside is gone.
    const seq = Math.max(state.seq, mails.at(-1)?.summary.seq ?? 0) + (setAside > 0 ? 1 : 0);
    const earlier: Earlier = { mails, seq };
    await state.reserve(seq + 1);
    state.retain(new Set(recordFiles.keys()));
    mailFiles.adopt(recordFiles);
    const cleared = new Cleared(files, log);
    for (const folder of await clearedBefore(place)) cleared.delete(folder);
    return {
      archive: new DiskArchive({
        place,
        files,
        mails: mailFiles,
        cleared,
        state,
        lock: locked,
        log,
        space,
        journalOctets,
      }),
      earlier,
    };
  } catch (error) {
    await locked[Symbol.asyncDispose]();
    throw unusable(error);
  }
}

async function removeIncoming({ incoming }: Place, files: Files): Promise<void> {
  for (const name of await readdir(incoming)) {
    if (/\.(eml|jsonl|scratch)$/.test(name)) await files.remove(join(incoming, name));
  }
}

/** Folders of cleared mails that an earlier run had no time to delete. */
async function clearedBefore({ root, cleared }: Place): Promise<readonly string[]> {
  const names = await readdir(root);
  return names.filter((name) => name.startsWith(basename(cleared))).map((name) => join(root, name));
}
