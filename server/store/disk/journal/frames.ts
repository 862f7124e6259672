import { crc32 } from 'node:zlib';
import type { Filed } from '../../archive.ts';
import { assertReadable, FORMATS, parseJson } from '../files/format.ts';
import { type MailRecord, parseRecords, printRecord } from '../record.ts';

/*
 * A journal begins with a line that has the version of its format. Each mail follows as a line that says what comes, its
 * record as a line of JSON, and its octets.
 *
 *     {"version":1}\n
 *     mail 5d41402a 312 2950\n
 *     {"version":1,"id":"01m80qk0y3wrhp5gzpwr47",...}\n
 *     <2950 octets>\n
 *
 * The numbers are the CRC-32 of record and octets, and the lengths of both without the line feed that ends them. For a
 * mail that was taken out again `mail` is overwritten with `gone`, so that nothing has to be moved.
 */

/** Written over the beginning of a mail that is not wanted any more. */
export const GONE = Buffer.from('gone');

/** The beginning of a journal. */
export const JOURNAL_HEAD = Buffer.from(`${JSON.stringify({ version: FORMATS.journal })}\n`);

const LINE_FEED = Buffer.from('\n');
const HEAD = /^(mail|gone) ([0-9a-f]{8}) (\d{1,10}) (\d{1,10})\n/;
const ANOTHER_HEAD = /\n(mail|gone) [0-9a-f]{8} \d{1,10} \d{1,10}\n\{"(?:version|id)":/;
/** Octets of the first line at most, with room for fields to come. */
const LONGEST_VERSION_LINE = 4096;
/** Octets of the longest head of a mail. */
const LONGEST_HEAD = 4 + 1 + 8 + 1 + 10 + 1 + 10 + 1;

/** In pieces, so that the octets of a mail need not be copied. */
export function printFrame(mail: Filed): readonly Uint8Array[] {
  const record = printRecord(mail);
  const { raw } = mail.incoming;
  const head = `mail ${checksum(record, raw)} ${Buffer.byteLength(record)} ${raw.length}\n`;
  return [Buffer.from(`${head}${record}\n`), raw, LINE_FEED];
}

/** What a journal holds. */
export interface Frames {
  readonly mails: readonly { readonly record: MailRecord; readonly raw: Buffer }[];
  /** Octets at the end that are the beginning of a mail: it was being written when the process ended. */
  readonly cutShort: number;
  /** What is there and is no mail, in words; null when there is nothing else. */
  readonly damage: string | null;
}

/** Reads what can be read, however damaged the journal is. @throws {NewerFormat} */
export function parseFrames(journal: Buffer, file: string): Frames {
  const mails: Frames['mails'][number][] = [];
  const version = versionLine(journal);
  const isCut = version !== '' && String(JOURNAL_HEAD).startsWith(version) && !version.endsWith('\n');
  if (isCut) return { mails, cutShort: journal.length, damage: null };
  const format = parseJson(version);
  assertReadable('journal', format, file);
  let damage = version !== '' && format === null ? 'its first line is not what was written' : null;
  let at = version.length;
  while (at < journal.length) {
    const left = journal.length - at;
    const head = HEAD.exec(journal.toString('latin1', at, at + LONGEST_HEAD));
    if (!head) {
      if (isBeginning(journal.subarray(at))) return { mails, cutShort: left, damage };
      return { mails, cutShort: 0, damage: `it has ${left} octets at ${at} that are no mail` };
    }
    const [{ length }, state, sum, recordLength, rawLength] = head;
    const record = at + length;
    const raw = record + Number(recordLength) + LINE_FEED.length;
    const end = raw + Number(rawLength) + LINE_FEED.length;
    if (end > journal.length) {
      // Nothing is written behind what is being written: then it is its length that is not right.
      if (!ANOTHER_HEAD.test(journal.toString('latin1', record))) return { mails, cutShort: left, damage };
      return { mails, cutShort: 0, damage: `the mail at octet ${at} is longer than the journal` };
    }
    if (state === 'mail') {
      const json = journal.subarray(record, raw - LINE_FEED.length);
      const mail = mailOf(json, journal.subarray(raw, end - LINE_FEED.length), sum ?? '', file);
      if (mail) mails.push(mail);
      else damage ??= `the mail at octet ${at} is not what was written`;
    }
    at = end;
  }
  return { mails, cutShort: 0, damage };
}

/** Empty in a journal of the first format, from before there were versions. */
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

/** Whether this is less than a head, and could become one. */
function isBeginning(octets: Buffer): boolean {
  return octets.length < LONGEST_HEAD && /^[a-z0-9 ]*$/.test(octets.toString('latin1'));
}
