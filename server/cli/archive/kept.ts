import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { MailstopError } from '../../../wire/errors.ts';
import { FLAG_NAMES, type Flags, forEachFlag } from '../../../wire/flags.ts';
import { openFound } from './files.ts';

/** The file of an exported folder that says of each mail what its octets don't: a JSON object a line. */
export const KEPT_FILE = 'mails.jsonl';

/** What an exported folder says of each of its files: the envelope, the flags and the tags. */
export type Kept = ReadonlyMap<string, Omit<KeptMail, 'file'>>;

interface KeptMail extends Flags {
  /** From the top of the folder, with forward slashes. */
  readonly file: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly tags: readonly string[];
}

export function keptLine(mail: KeptMail & Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(mail)}\n`;
}

/** Nothing for a folder that was not exported. @throws {MailstopError} `bad-config` when the file is damaged */
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

/** Octets. 10,000 recipients of the greatest length are less than half of it. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** Fails before a string gets longer than V8 allows. */
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
