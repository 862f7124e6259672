import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { MailstopError, reasonOf } from '../../errors.ts';
import { misuse } from '../exit.ts';
import { type Kept, keptIn } from './kept.ts';
import { isMaildir, maildirMails } from './maildir.ts';
import { MboxReader, type Quoting } from './mbox.ts';

/** A mail that is to be imported, and what is known of it beside its octets. */
export interface Source {
  /** For people: the file, and its number in an mbox. */
  readonly name: string;
  readonly raw: Buffer;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly read?: boolean;
  readonly pinned?: boolean;
  readonly tags?: readonly string[];
}

export type Format = 'auto' | 'eml' | 'mbox' | 'mboxo' | 'maildir';

const MBOX_START = 'From ';
const CHUNK = 1024 * 1024;

/**
 * The mails in a file, a folder or stdin (`-`), one at a time, in their order.
 * @throws {MailstopError} `bad-config` for what can't be read, naming it
 */
export async function* mailsIn(path: string, format: Format, stdin: Readable): AsyncGenerator<Source> {
  if (path === '-') {
    if (format === 'maildir') misuse('a Maildir is a folder: it cannot come from stdin');
    yield* fromStream(stdin, 'stdin', format);
    return;
  }
  const found = await reading(path, () => stat(path));
  if (!found.isDirectory()) {
    if (format === 'maildir') misuse(`--format maildir: ${path} is a file, and a Maildir is a folder`);
    yield* fromFile(path, format);
    return;
  }
  if (format === 'maildir' && !isMaildir(path)) misuse(`${path} is no Maildir: it has no folders cur and new`);
  let any = false;
  const kept = await reading(path, () => keptIn(path));
  for await (const mail of fromFolder(path, path, format, kept)) {
    any = true;
    yield mail;
  }
  if (!any && !isMaildir(path)) misuse(`${path} has no mail in it: expected files .eml or .mbox, or a Maildir`);
}

async function* fromFolder(top: string, folder: string, format: Format, kept: Kept): AsyncGenerator<Source> {
  if (isMaildir(folder) && (format === 'auto' || format === 'maildir')) {
    for (const { path, read } of await reading(folder, () => maildirMails(folder))) {
      yield { name: path, raw: await reading(path, () => readFile(path)), read };
    }
  }
  const entries = await reading(folder, () => readdir(folder, { withFileTypes: true }));
  const { compare } = new Intl.Collator('en', { numeric: true });
  for (const entry of entries.sort((a, b) => compare(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isMaildir(folder) && ['cur', 'new', 'tmp'].includes(entry.name)) continue;
      // The folders of a Maildir begin with a dot; others that do are not meant for people.
      if (!entry.name.startsWith('.') || isMaildir(path)) yield* fromFolder(top, path, format, kept);
    } else if (format === 'maildir') {
      // What lies beside the mails of a Maildir is its owner's.
    } else if (/\.eml$/i.test(entry.name) && !format.startsWith('mbox')) {
      const name = relative(top, path).split(sep).join('/');
      yield { name: path, raw: await reading(path, () => readFile(path)), ...kept.get(name) };
    } else if (/\.mbox$/i.test(entry.name) && format !== 'eml') yield* fromFile(path, format);
  }
}

async function* fromFile(path: string, format: Format): AsyncGenerator<Source> {
  const known = format === 'auto' ? await formatOf(path) : format;
  if (known === 'eml') yield { name: path, raw: await reading(path, () => readFile(path)) };
  else yield* fromStream(createReadStream(path, { highWaterMark: CHUNK }), path, known);
}

/** A mail may begin with a `From ` line, too, when it was cut out of an mbox: then its name tells. */
async function formatOf(path: string): Promise<Format> {
  if (/\.eml$/i.test(path)) return 'eml';
  return reading(path, async () => {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MBOX_START.length), 0, MBOX_START.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === MBOX_START ? 'mbox' : 'eml';
  });
}

async function* fromStream(stream: Readable, name: string, format: Format): AsyncGenerator<Source> {
  const single: Buffer[] = [];
  let reader = format === 'mbox' || format === 'mboxo' ? readerFor(format) : null;
  let n = 0;
  const named = ({ raw, sender }: { raw: Buffer; sender: string | null }): Source => {
    n += 1;
    return { name: `${name}, mail ${n}`, raw, ...(sender !== null && { from: sender }) };
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (reader) for (const mail of reader.push(chunk)) yield named(mail);
      else {
        single.push(chunk);
        const start = format === 'auto' && Buffer.concat(single).toString('latin1', 0, MBOX_START.length);
        if (start === MBOX_START) {
          reader = readerFor('mbox');
          for (const mail of reader.push(Buffer.concat(single))) yield named(mail);
        } else if (start && start.length === MBOX_START.length) format = 'eml';
      }
    }
    if (reader) for (const mail of reader.end()) yield named(mail);
    else yield { name, raw: Buffer.concat(single) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) refuse(name, error);
    throw error;
  }
}

function readerFor(format: 'mbox' | 'mboxo'): MboxReader {
  const quoting: Quoting = format === 'mboxo' ? 'mboxo' : 'mboxrd';
  return new MboxReader(quoting);
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    return refuse(path, error);
  }
}

function refuse(path: string, error: unknown): never {
  if (error instanceof MailstopError && error.code !== 'unparsable') throw error;
  throw new MailstopError('bad-config', `cannot read ${path}: ${reasonOf(error)}`, { cause: error });
}
