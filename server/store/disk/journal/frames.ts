import { crc32 } from 'node:zlib';
import type { Filed } from '../../archive.ts';
import { assertReadable, FORMATS, parseJson } from '../files/format.ts';
import { type MailRecord, parseRecords, printRecord } from '../record.ts';

/*
 * A journal begins with a line that has the version of its format. Each mail follows: a head line, its record as a line
 * of JSON, and its octets.
 *
 *     {"version":1}\n
 *     mail 5d41402a 312 2950\n
 *     {"version":1,"id":"01m80qk0y3wrhp5gzpwr47",...}\n
 *     <2950 octets>\n
 *
 * The numbers in the head are the CRC-32 of record and octets, and the length of each without its line feed. When a
 * mail is removed, `mail` is overwritten with `gone`, so that nothing has to move.
 */

/** Written over the beginning of a removed mail. */
export const GONE = Buffer.from('gone');

/** The beginning of a journal. */
export const JOURNAL_HEAD = Buffer.from(`${JSON.stringify({ version: FORMATS.journal })}\n`);

const LINE_FEED = Buffer.from('\n');
const HEAD = /^(mail|gone) ([0-9a-f]{8}) (\d{1,10}) (\d{1,10})\n/;
const ANOTHER_HEAD = /\n(mail|gone) [0-9a-f]{8} \d{1,10} \d{1,10}\n\{"(?:version|id)":/;
/** Most octets of the first line, with room for future fields. */
const LONGEST_VERSION_LINE = 4096;
/** Octets of the longest head line. */
const LONGEST_HEAD = 4 + 1 + 8 + 1 + 10 + 1 + 10 + 1;

/** In pieces, to avoid copying the octets of the mail. */
export function printFrame(mail: Filed): readonly Uint8Array[] {
  const record = printRecord(mail);
  const { raw } = mail.incoming;
  const head = `mail ${checksum(record, raw)} ${Buffer.byteLength(record)} ${raw.length}\n`;
  return [Buffer.from(`${head}${record}\n`), raw, LINE_FEED];
}

/** The content of a journal. */
export interface Frames {
  readonly mails: readonly { readonly record: MailRecord; readonly raw: Buffer }[];
  /** Octets at the end that are an incomplete mail: it was being written when the process ended. */
  readonly cutShort: number;
  /** Describes the first damage; null when there is none. */
  readonly damage: string | null;
}

/** Reads as much as possible, even from a damaged journal. @throws {NewerFormat} */
export function parseFrames(journal: Buffer, file: string): Frames {
  const mails: Frames['mails'][number][] = [];
  const version = versionLine(journal);
  const isCut = version !== '' && String(JOURNAL_HEAD).startsWith(version) && !version.endsWith('\n');
  if (isCut) return { mails, cutShort: journal.length, damage: null };
  const format = parseJson(version);
  assertReadable('journal', format, file);
  let damage = version !== '' && format === null ? 'its first line is damaged' : null;
  let at = version.length;
  while (at < journal.length) {
    const left = journal.length - at;
    const head = HEAD.exec(journal.toString('latin1', at, at + LONGEST_HEAD));
    if (!head) {
      if (isBeginning(journal.subarray(at))) return { mails, cutShort: left, damage };
      return { mails, cutShort: 0, damage: `it has ${left} octets at ${at} that are not a mail` };
    }
    const [{ length }, state, sum, recordLength, rawLength] = head;
    const record = at + length;
    const raw = record + Number(recordLength) + LINE_FEED.length;
    const end = raw + Number(rawLength) + LINE_FEED.length;
    if (end > journal.length) {
      // An unfinished mail is always the last one. If another one follows, the length is wrong.
      if (!ANOTHER_HEAD.test(journal.toString('latin1', record))) return { mails, cutShort: left, damage };
      return { mails, cutShort: 0, damage: `the mail at octet ${at} is longer than the journal` };
    }
    if (state === 'mail') {
      const json = journal.subarray(record, raw - LINE_FEED.length);
      const mail = mailOf(json, journal.subarray(raw, end - LINE_FEED.length), sum ?? '', file);
      if (mail) mails.push(mail);
      else damage ??= `the mail at octet ${at} is damaged`;
    }
    at = end;
  }
  return { mails, cutShort: 0, damage };
}

/** Empty for a journal from before there were versions. */
function versionLine(journal: Buffer): string {
  return /^\{[^\n]*\n?/.exec(journal.toString('latin1', 0, LONGEST_VERSION_LINE))?.[0] ?? '';
}

function mailOf(json: Buffer, raw: Buffer, sum: string, file: string): Frames['mails'][number] | null {
  if (checksum(json, raw) !== sum) return null;
  const [record] = parseRecords(json.toString(), file);
  return record?.size === raw.length ? { record, raw } : null;
}

function checksum(record: string | Buffer, raw: Buffer): string {
  return crc32(raw, crc32(record)).toString(16).padStart(8, '0');
}

/** Whether this could be the beginning of a head line. */
function isBeginning(octets: Buffer): boolean {
  return octets.length < LONGEST_HEAD && /^[a-z0-9 ]*$/.test(octets.toString('latin1'));
}
