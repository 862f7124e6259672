import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MailstopError, reasonOf } from '../../../../wire/errors.ts';
import { Closer } from '../../../closer.ts';
import type { Log } from '../../../log.ts';
import type { Earlier } from '../../archive.ts';
import { DiskArchive } from '../archive.ts';
import { Cleared, undoClearing } from '../cleared.ts';
import { fenced } from '../files/fence.ts';
import { codeOf, type Files, nodeFiles } from '../files/files.ts';
import { type Place, placeIn } from '../files/place.ts';
import { type FreeSpace, mebibytes } from '../files/space.ts';
import { Folder } from '../folder.ts';
import type { BacklogLimits } from '../journal/backlog.ts';
import { MailFiles } from '../mail-files.ts';
import { readState } from '../saved.ts';
import { State } from '../state.ts';
import { fileJournals, readLeft } from './left.ts';
import { lock } from './lock.ts';
import type { Progress } from './pace.ts';
import { scan } from './scan.ts';

/** About ten thousand mails of a few KB, which are filed in seconds. */
export const JOURNAL_OCTETS = 64 * 1024 * 1024;

export interface DiskOptions {
  readonly log: Log;
  readonly files?: Files;
  /** Checked before anything is written. */
  readonly space?: FreeSpace | null;
  /** How much acknowledged mail may wait in the journal; with 0 octets, the journal is not used. */
  readonly journal?: BacklogLimits;
  /** Called with the number of files read and the total. */
  readonly progress?: Progress;
  /** Aborts the opening, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | null;
}

/** @throws {MailstopError} `cannot-open-data` when the folder can't be used or another process uses it */
export async function openArchive(
  folder: string,
  {
    log,
    files: unfenced = nodeFiles,
    space = null,
    journal = { octets: JOURNAL_OCTETS, room: Number.POSITIVE_INFINITY },
    progress = () => {},
    signal = null,
  }: DiskOptions,
) {
  const place = placeIn(folder);
  try {
    await using opened = new Closer();
    await unfenced.makeFolder(place.root);
    const lost = (reason: string) => log.error('folder lost', { reason, so: 'nothing is written to it' });
    const locked = opened.use(await lock(place, lost));
    const files = fenced(unfenced, locked);
    // Read everything before changing anything: files of a newer Mailstop must stay untouched.
    const saved = await readState(place);
    await undoClearing(place, files);
    const left = await readLeft(place, progress, signal);
    signal?.throwIfAborted();

    for (const path of [place.mail, place.incoming, place.aside]) await files.makeFolder(path);
    for (const path of [place.root, dirname(place.root)]) await files.syncFolder(path);
    await removeIncoming(place, files);
    const state = await State.open(saved, place, files, log);
    opened.defer(() => state.discard());
    const mailFiles = new MailFiles(place, files);
    await fileJournals(left, place, files, mailFiles, log);
    const { mails, recordFiles, setAside } = await scan(left, place, state, files, log);
    // A client that reconnects must notice that mail was set aside.
    const seq = Math.max(state.seq, mails.at(-1)?.summary.seq ?? 0) + (setAside > 0 ? 1 : 0);
    const earlier: Earlier = { mails, seq, searches: state.searches };
    await state.reserve(seq + 1);
    state.retain(new Set(recordFiles.keys()));
    mailFiles.adopt(recordFiles);
    const before = await clearedBefore(place);
    signal?.throwIfAborted();

    const cleared = new Cleared(files, log);
    for (const folder of before) cleared.delete(folder);
    const mended = async () => {
      log.info('folder created again', { folder: place.root });
      await state.saveAgain();
    };
    const inUse = new Folder(place, files, locked, mended);
    const options = {
      place,
      files,
      folder: inUse,
      mails: mailFiles,
      cleared,
      state,
      lock: locked,
      log,
      space,
      journal,
    };
    const archive = new DiskArchive(options);
    opened.move();
    return { archive, earlier, folder: inUse };
  } catch (error) {
    signal?.throwIfAborted();
    const wayOut = isFull(error) ? `; ${howToStartOn(journal.room)}` : '';
    throw new MailstopError('cannot-open-data', `${folder} can't be used for mail: ${reasonOf(error)}${wayOut}`, {
      cause: error,
    });
  }
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
}

/** The backlog of an earlier run fits into the space that it kept free. */
function howToStartOn(room: number): string {
  const enough =
    Number.isFinite(room) && room > 0 ? `${mebibytes(room)} are free there (--min-free-disk)` : '1 MiB is free there';
  return `nothing is lost, and it can start when ${enough}`;
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
