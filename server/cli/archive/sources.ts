import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import type { Flags } from '../../../wire/flags.ts';
import { misuse } from '../exit.ts';
import { openFound, openNamed } from './files.ts';
import { KEPT_FILE, type Kept, keptIn } from './kept.ts';
import { isMaildir, maildirMails } from './maildir.ts';
import { MboxReader, type Quoting } from './mbox.ts';

/** A mail to import, and what is known about it besides its octets. */
export interface Source extends Partial<Flags> {
  /** For people: the file, and its number in an mbox. */
  readonly name: string;
  readonly raw: Buffer;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly tags?: readonly string[];
}

/** A mail that can't be imported, or a file in a folder that can't be read. The others still can. */
export interface Unreadable {
  readonly name: string;
  readonly reason: string;
}

export type Format = 'auto' | 'eml' | 'mbox' | 'mboxo' | 'maildir';

export interface Reading {
  readonly format: Format;
  readonly stdin: Readable;
  /** No more than this is kept of a mail. */
  readonly maxOctets: number;
}

type Found = AsyncGenerator<Source | Unreadable>;

/**
 * The mails in a file, a folder or stdin (`-`), one at a time, in order.
 * @throws {MailstopError} `bad-config` if the named path can't be read
 */
export async function* mailsIn(path: string, reading: Reading): Found {
  const { format, stdin } = reading;
  if (path === '-') {
    if (format === 'maildir') misuse('a Maildir is a folder: it cannot come from stdin');
    yield* named('stdin', () => fromStream(stdin, 'stdin', reading));
    return;
  }
  const found = await stat(path).catch((error: unknown) => refuse(path, error));
  if (!found.isDirectory()) {
    if (format === 'maildir') misuse(`--format maildir: ${path} is a file, and a Maildir is a folder`);
    yield* named(path, () => fromStream(openNamed(path), path, withFormatOf(path, reading)));
    return;
  }
  if (format === 'maildir' && !isMaildir(path)) misuse(`${path} is not a Maildir: it has no folders cur and new`);
  let any = false;
  const kept = await keptIn(path).catch((error: unknown) => refuse(join(path, KEPT_FILE), error));
  for await (const mail of named(path, () => fromFolder(path, path, reading, kept))) {
    any = true;
    yield mail;
  }
  if (!any && !isMaildir(path)) misuse(`${path} has no mail in it: expected files .eml or .mbox, or a Maildir`);
}

async function* fromFolder(top: string, folder: string, reading: Reading, kept: Kept): Found {
  const { format } = reading;
  const inFolder = (path: string, how: Format) =>
    found(path, async function* () {
      yield* fromStream(await openFound(top, path), path, { ...reading, format: how });
    });
  if (isMaildir(folder) && (format === 'auto' || format === 'maildir')) {
    for (const { path, flags } of await maildirMails(folder)) yield* withFacts(inFolder(path, 'eml'), flags);
  }
  const entries = await readdir(folder, { withFileTypes: true });
  const { compare } = new Intl.Collator('en', { numeric: true });
  for (const entry of entries.sort((a, b) => compare(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isMaildir(folder) && ['cur', 'new', 'tmp'].includes(entry.name)) continue;
      // The folders of a Maildir begin with a dot; any other folder that does is hidden, so skip it.
      if (!entry.name.startsWith('.') || isMaildir(path))
        yield* found(path, () => fromFolder(top, path, reading, kept));
    } else if (format === 'maildir') {
      // Other files in a Maildir belong to its owner.
    } else if (/\.eml$/i.test(entry.name) && !format.startsWith('mbox')) {
      yield* withFacts(inFolder(path, 'eml'), kept.get(relative(top, path).split(sep).join('/')));
    } else if (/\.mbox$/i.test(entry.name) && format !== 'eml') yield* inFolder(path, format);
  }
}

async function* withFacts(mails: Found, facts: Partial<Source> | undefined): Found {
  for await (const mail of mails) yield 'raw' in mail ? { ...mail, ...facts } : mail;
}

/** A mail cut out of an mbox may begin with a `From ` line too: then the file name decides. */
function withFormatOf(path: string, reading: Reading): Reading {
  return reading.format === 'auto' && /\.eml$/i.test(path) ? { ...reading, format: 'eml' } : reading;
}

const MBOX_START = 'From ';

async function* fromStream(stream: Readable, name: string, { format, maxOctets }: Reading): Found {
  let n = 0;
  const inMbox = ({ raw, sender }: { raw: Buffer | null; sender: string | null }): Source | Unreadable => {
    n += 1;
    const own = `${name}, mail ${n}`;
    return raw === null ? tooLarge(own, maxOctets) : { name: own, raw, ...(sender !== null && { from: sender }) };
  };
  const begun: Buffer[] = [];
  let size = 0;
  let reader = format === 'mbox' || format === 'mboxo' ? readerFor(format, maxOctets) : null;
  let unknown = format === 'auto';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let next = chunk;
    if (reader === null) {
      begun.push(chunk);
      size += chunk.length;
      if (unknown && size >= MBOX_START.length) {
        unknown = false;
        next = Buffer.concat(begun);
        if (next.toString('latin1', 0, MBOX_START.length) === MBOX_START) reader = readerFor('mbox', maxOctets);
      }
    }
    if (reader) for (const mail of reader.push(next)) yield inMbox(mail);
    else if (size > maxOctets) {
      yield tooLarge(name, maxOctets);
      return;
    }
  }
  if (reader) for (const mail of reader.end()) yield inMbox(mail);
  else yield { name, raw: Buffer.concat(begun) };
}

function readerFor(format: 'mbox' | 'mboxo', maxOctets: number): MboxReader {
  const quoting: Quoting = format === 'mboxo' ? 'mboxo' : 'mboxrd';
  return new MboxReader(quoting, maxOctets);
}

function tooLarge(name: string, maxOctets: number): Unreadable {
  return { name, reason: `the mail is too large: the limit is ${maxOctets} octets` };
}

/** A named file must be readable. */
async function* named(name: string, mails: () => Found): Found {
  try {
    yield* mails();
  } catch (error) {
    refuse(name, error);
  }
}

/** A problem with one file in a folder must not stop the rest. */
async function* found(name: string, mails: () => Found): Found {
  try {
    yield* mails();
  } catch (error) {
    if (!isAboutFiles(error)) throw error;
    yield { name, reason: reasonOf(error) };
  }
}

/** Whether the error says that a file can't be read, as opposed to a bug in our code. */
function isAboutFiles(error: unknown): boolean {
  if (error instanceof MailstopError) return error.code === 'unparsable';
  return (error as NodeJS.ErrnoException).code !== undefined;
}

function refuse(path: string, error: unknown): never {
  if (!isAboutFiles(error)) throw error;
  throw new MailstopError('bad-config', `cannot read ${path}: ${reasonOf(error)}`, { cause: error });
}
