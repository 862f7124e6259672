import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../../log.ts';
import { codeOf, type Files } from '../files/files.ts';
import { isOurs, type Place, recordsName } from '../files/place.ts';
import { type Frames, parseFrames } from '../journal/frames.ts';
import type { MailFiles } from '../mail-files.ts';
import { type MailRecord, parseRecords } from '../record.ts';
import { moveAside } from './aside.ts';
import { Pace, type Progress } from './pace.ts';

/** What an earlier run left besides the mails themselves, by file name. */
export interface Left {
  readonly records: Map<string, readonly MailRecord[]>;
  readonly journals: ReadonlyMap<string, Frames>;
  /** Also used for reading the mails. */
  readonly pace: Pace;
}

/** Read-only. @throws {NewerFormat} */
export async function readLeft({ mail }: Place, progress: Progress, signal: AbortSignal | null): Promise<Left> {
  const entries = await readdir(mail, { withFileTypes: true }).catch((error: unknown) => {
    // The folder is new.
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const pace = new Pace({ total: entries.length, progress, signal });
  const records = new Map<string, readonly MailRecord[]>();
  const journals = new Map<string, Frames>();
  for (const entry of entries) {
    const path = join(mail, entry.name);
    if (isOurs(entry, '.jsonl')) records.set(entry.name, parseRecords(readFileSync(path, 'utf8'), path));
    else if (entry.isFile() && entry.name.endsWith('.journal'))
      journals.set(entry.name, parseFrames(readFileSync(path), path));
    else continue;
    await pace.step();
  }
  return { records, journals, pace };
}

/**
 * Files the mails of the journals, and removes the journals. A mail that was already filed is filed again. A damaged
 * journal is set aside afterwards.
 */
export async function fileJournals(
  { journals, records }: Left,
  place: Place,
  files: Files,
  mailFiles: MailFiles,
  log: Log,
): Promise<void> {
  for (const [name, { mails, cutShort, damage }] of journals) {
    const path = join(place.mail, name);
    await mailFiles.file(
      mails.map(({ record: { id, seq, version: _, ...received }, raw }) => ({
        id,
        seq,
        incoming: { ...received, raw },
      })),
    );
    const [first] = mails;
    // The file was written again, so the records read before are stale.
    if (first) records.delete(recordsName(first.record.id));
    if (first) log.info('mail of an earlier run filed', { journal: path, mails: mails.length });
    if (damage !== null) await moveAside(place, files, log, name, damage);
    else await files.remove(path);
    if (cutShort > 0) log.info('incomplete mail discarded, never acknowledged', { journal: path, octets: cutShort });
  }
}
