import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../../../wire/errors.ts';
import type { Log } from '../../../log.ts';
import { summarize } from '../../../message/summary.ts';
import type { Earlier } from '../../archive.ts';
import type { Files } from '../files/files.ts';
import { isOurs, type Place } from '../files/place.ts';
import { type MailRecord, parseRecords } from '../record.ts';
import type { State } from '../state.ts';
import { moveAside } from './aside.ts';
import { readHead } from './head.ts';
import type { Left } from './left.ts';

export interface Scanned {
  readonly mails: Earlier['mails'];
  /** By mail id: the file with its record. */
  readonly recordFiles: ReadonlyMap<string, string>;
  /** Number of files set aside. */
  readonly setAside: number;
}

/**
 * Reads the mail folder: the header block of each mail, and the records that were not read before. A mail is a file
 * `<id>.eml` with the size that its record says. A record without a mail is left from a deleted mail or an interrupted
 * commit, and is removed. Anything else is set aside.
 */
export async function scan(left: Left, place: Place, state: State, files: Files, log: Log): Promise<Scanned> {
  const { pace } = left;
  const entries = await readdir(place.mail, { withFileTypes: true });
  const scanned = { mails: [] as Earlier['mails'][number][], recordFiles: new Map<string, string>(), setAside: 0 };
  const setAside = async (name: string, reason: string) => {
    await moveAside(place, files, log, name, reason);
    scanned.setAside += 1;
  };

  const records = new Map<string, { readonly record: MailRecord; readonly file: string }>();
  const unused = new Set<string>();
  for (const { name } of entries.filter((entry) => isOurs(entry, '.jsonl'))) {
    const path = join(place.mail, name);
    const found = left.records.get(name) ?? parseRecords(readFileSync(path, 'utf8'), path);
    for (const record of found) records.set(record.id, { record, file: name });
    if (found.length === 0) await setAside(name, 'it has no records of mails');
    else unused.add(name);
  }

  const numbers = new Set<number>();
  for (const entry of entries) {
    const { name } = entry;
    if (isOurs(entry, '.jsonl')) continue;
    const found = isOurs(entry, '.eml') ? records.get(name.slice(0, -'.eml'.length)) : undefined;
    const mail = found ? readMail(join(place.mail, name), found.record, numbers) : 'Mailstop did not write it';
    if (typeof mail === 'string' || !found) await setAside(name, String(mail));
    else {
      const { id, seq } = mail.summary;
      numbers.add(seq);
      unused.delete(found.file);
      scanned.recordFiles.set(id, found.file);
      const marks = state.marksOf(id);
      scanned.mails.push(marks ? { ...mail, summary: mail.summary.with(marks) } : mail);
    }
    await pace.step();
  }
  for (const name of unused) await files.remove(join(place.mail, name));
  scanned.mails.sort((a, b) => a.summary.seq - b.summary.seq);
  return scanned;
}

/** @returns the mail, or why the file is not the mail of the record */
function readMail(path: string, record: MailRecord, taken: ReadonlySet<number>): Earlier['mails'][number] | string {
  const { id, seq, receivedAt, envelope, peer, warnings } = record;
  try {
    const { head, size } = readHead(path);
    if (size !== record.size) return `it has ${size} of ${record.size} octets`;
    if (taken.has(seq)) return `another mail has its number, ${seq}`;
    const summary = summarize({ raw: head, receivedAt, envelope, peer, warnings }, { id, seq, size });
    return { summary, received: { envelope, peer, warnings } };
  } catch (error) {
    return `it can't be read: ${reasonOf(error)}`;
  }
}
