import { z } from 'zod';
import { WARNING_CODES, WARNING_PLACES, warning } from '../../../wire/warning.ts';
import type { Filed } from '../archive.ts';
import { assertReadable, FORMATS, parseJson } from './files/format.ts';

/*
 * What was received with a mail, as a line of JSON. Mails that were committed together share one file of such lines,
 * next to their .eml files.
 */

const path = z.object({
  address: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.literal(true)])),
});

const record = z.looseObject({
  id: z.string(),
  seq: z.int().positive(),
  /** Octets of the .eml: a file with another size is not what was received. */
  size: z.int().nonnegative(),
  receivedAt: z.iso.datetime().transform((text) => new Date(text)),
  envelope: z.object({ from: path, to: z.array(path) }),
  peer: z.object({
    address: z.string(),
    port: z.int(),
    helo: z.string().nullable(),
    protocol: z.string(),
    tls: z.object({ protocol: z.string(), cipher: z.string(), servername: z.string().nullable() }).nullable(),
    username: z.string().nullable(),
  }),
  /** Older records have plain sentences instead of codes. */
  warnings: z.array(
    z.union([
      z.object({ code: z.enum(WARNING_CODES).catch('other'), text: z.string(), where: z.enum(WARNING_PLACES) }),
      z.string().transform((text) => warning('other', text)),
    ]),
  ),
});

export type MailRecord = z.infer<typeof record>;

/** One line, without its line feed. */
export function printRecord({ id, seq, incoming }: Filed): string {
  const { raw, ...received } = incoming;
  return JSON.stringify({ version: FORMATS.record, id, seq, size: raw.length, ...received });
}

export function printRecords(mails: readonly Filed[]): Buffer {
  return Buffer.from(mails.map((mail) => `${printRecord(mail)}\n`).join(''));
}

/**
 * The records in a file. Skips anything else, such as a line that a crash cut short: it belongs to no mail.
 * @throws {NewerFormat}
 */
export function parseRecords(text: string, file: string): MailRecord[] {
  return text.split('\n').flatMap((line) => {
    const value = line === '' ? null : parseJson(line);
    assertReadable('record', value, file);
    const { data } = record.safeParse(value);
    return data ?? [];
  });
}
