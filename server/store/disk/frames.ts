import { crc32 } from 'node:zlib';
import type { Filed } from '../archive.ts';
import { type MailRecord, parseRecords, printRecord } from './record.ts';

/*
 * How a mail stands in a journal: a line that tells what follows, its record as a line of JSON, and its octets.
 *
 *     mail 5d41402a 312 2950\n
 *     {"id":"01m80qk0y3wrhp5gzpwr47",...}\n
 *     <2950 octets>\n
 *
 * The numbers are the CRC-32 of record and octets, and the lengths of both without the line feed behind them. A mail
 * that was taken out again says `gone` for `mail`, so that nothing has to be moved or made longer for it.
 */

/** Written over the beginning of a mail that is not wanted any more. */
export const GONE = Buffer.from('gone');

const LINE_FEED = Buffer.from('\n');
const HEAD = /^(mail|gone) ([0-9a-f]{8}) (\d{1,10}) (\d{1,10})\n/;
const ANOTHER_HEAD = /\n(mail|gone) [0-9a-f]{8} \d{1,10} \d{1,10}\n\{"id":/;
/** Octets of the longest head. */
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

/** Never throws: what can be read of a journal is read. */
export function parseFrames(journal: Buffer): Frames {
  const mails: Frames['mails'][number][] = [];
  let damage: string | null = null;
  let at = 0;
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
      const mail = mailOf(journal.subarray(record, raw - LINE_FEED.length), journal.subarray(raw, end - 1), sum ?? '');
      if (mail) mails.push(mail);
      else damage ??= `the mail at octet ${at} is not what was written`;
    }
    at = end;
  }
  return { mails, cutShort: 0, damage };
}

function mailOf(json: Buffer, raw: Buffer, sum: string): Frames['mails'][number] | null {
  if (checksum(json, raw) !== sum) return null;
  const [record] = parseRecords(json.toString());
  return record?.size === raw.length ? { record, raw } : null;
}

function checksum(record: string | Buffer, raw: Buffer): string {
  return crc32(raw, crc32(record)).toString(16).padStart(8, '0');
}

/** Whether this is less than a head, and could become one. */
function isBeginning(octets: Buffer): boolean {
  return octets.length < LONGEST_HEAD && /^[a-z0-9 ]*$/.test(octets.toString('latin1'));
}
