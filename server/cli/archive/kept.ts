import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { MailstopError } from '../../../wire/errors.ts';
import { FLAG_NAMES, type Flags, forEachFlag } from '../../../wire/flags.ts';
import { openFound } from './files.ts';

/** In an exported folder, the file with what the mails' octets do not contain: one JSON object per line. */
export const KEPT_FILE = 'mails.jsonl';

/** What an exported folder records for each of its files: envelope, flags and tags. */
export type Kept = ReadonlyMap<string, Omit<KeptMail, 'file'>>;

interface KeptMail extends Flags {
  /** Relative to the folder, with forward slashes. */
  readonly file: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly tags: readonly string[];
}

export function keptLine(mail: KeptMail & Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(mail)}\n`;
}

/** Empty for a folder that was not exported. @throws {MailstopError} `bad-config` if the file is damaged */
export async function keptIn(folder: string): Promise<Kept> {
  const path = join(folder, KEPT_FILE);
  const kept = new Map<string, Omit<KeptMail, 'file'>>();
  if (!existsSync(path)) return kept;
  let n = 0;
  const input = Readable.from(withoutLongLines(await openFound(folder, path)));
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    n += 1;
    if (line.trim() === '') continue;
    const mail = parsed(line);
    if (mail === null) {
      throw new MailstopError(
        'bad-config',
        `${path}, line ${n}: expected an object with file, from, to, tags and ${FLAG_NAMES.join(', ')}`,
      );
    }
    const { file, ...rest } = mail;
    kept.set(file, rest);
  }
  return kept;
}

/** In octets. 10,000 recipients of maximum length take less than half. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** Fails before a string exceeds V8's maximum length. */
async function* withoutLongLines(file: Readable): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of file as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf('\n');
    length = end === -1 ? length + chunk.length : chunk.length - end - 1;
    if (length > LONGEST_LINE)
      throw new MailstopError('unparsable', `it has a line of more than ${LONGEST_LINE} octets`);
    yield chunk;
  }
}

function parsed(line: string): KeptMail | null {
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string');
  try {
    const { file, from, to, tags, ...flags } = JSON.parse(line) as Partial<KeptMail>;
    const whole = typeof file === 'string' && typeof from === 'string' && isTexts(to) && isTexts(tags);
    if (!whole) return null;
    return { file, from, to: to ?? [], ...forEachFlag((flag) => flags[flag] === true), tags: tags ?? [] };
  } catch {
    return null;
  }
}
