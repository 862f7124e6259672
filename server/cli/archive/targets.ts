import { once } from 'node:events';
import { createWriteStream, WriteStream } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Message } from '../../../client/index.ts';
import { type Flags, flagsOf } from '../../../wire/flags.ts';
import { makeFolder } from '../../make-folder.ts';
import { indexFoot, indexHead, indexRow } from './index-page.ts';
import { KEPT_FILE, keptLine } from './kept.ts';
import { type InlinePart, mailDocument } from './mail-document.ts';
import { maildirName } from './maildir.ts';
import { toMbox } from './mbox.ts';

/** A mail to export. */
export interface Exported extends Flags {
  /** Its number, from 1, oldest first. */
  readonly n: number;
  readonly receivedAt: Date;
  /** From the envelope. */
  readonly from: string;
  readonly raw: Buffer;
}

/** Writes mails to files, one at a time. Keeps none in memory. */
export interface Target<Mail extends Exported = Exported> {
  add(mail: Mail): Promise<void>;
  finish(): Promise<void>;
}

/** @param stream ended when everything is written, unless it is stdout */
export function mboxTarget(stream: NodeJS.WritableStream): Target {
  return {
    async add({ raw, from, receivedAt }) {
      await put(stream, toMbox(raw, from, receivedAt));
    },
    finish: async () => {
      if (stream instanceof WriteStream) await ended(stream);
    },
  };
}

export async function maildirTarget(folder: string): Promise<Target> {
  for (const sub of ['tmp', 'new', 'cur']) await makeFolder(join(folder, sub));
  return {
    async add({ n, receivedAt, raw, ...flags }) {
      const { sub, name } = maildirName(receivedAt, n, flags);
      const written = join(folder, 'tmp', name);
      await writeFile(written, raw, { flag: 'wx' });
      await rename(written, join(folder, sub, name));
    },
    finish: async () => {},
  };
}

/** A mail with everything that its page shows. */
export interface Shown extends Exported {
  readonly message: Message;
  readonly inline: readonly InlinePart[];
}

/**
 * A folder to view in a browser: `index.html`, and in `mails/` the octets and a page of each mail. What the octets do
 * not contain, like the envelope, is in a separate file, for programs and for an import.
 */
export async function folderTarget(folder: string, about: string): Promise<Target<Shown>> {
  await makeFolder(join(folder, 'mails'));
  const index = await created(join(folder, 'index.html'));
  const kept = await created(join(folder, KEPT_FILE));
  await put(index, indexHead(about));
  let inAll = 0;
  return {
    async add({ n, raw, message, inline }) {
      const name = `${String(n).padStart(5, '0')}${slug(message.subject ?? '')}`;
      await writeFile(join(folder, 'mails', `${name}.eml`), raw);
      await writeFile(join(folder, 'mails', `${name}.html`), mailDocument(message, `${name}.eml`, inline));
      await put(index, indexRow(message, `mails/${name}`));
      const { id, receivedAt, subject, envelope, tags } = message;
      await put(
        kept,
        keptLine({ file: `mails/${name}.eml`, ...envelope, ...flagsOf(message), tags, id, receivedAt, subject }),
      );
      inAll += 1;
    },
    async finish() {
      await put(index, indexFoot(inAll));
      await Promise.all([ended(index), ended(kept)]);
    },
  };
}

/** A few words of the subject for a file name: letters and digits of any script, safe on every file system. */
function slug(subject: string): string {
  const words =
    subject
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const short = [...words.join('-')].slice(0, 40).join('').replace(/-$/, '');
  return short === '' ? '' : `-${short}`;
}

/** Opens the file first, so that an error is reported before any mail is fetched. */
export async function created(path: string): Promise<WriteStream> {
  const file = await open(path, 'w');
  const stream = createWriteStream(path, { fd: file });
  // A full disk is reported by the next write, or at the end.
  stream.on('error', () => {});
  return stream;
}

async function put(stream: NodeJS.WritableStream, octets: string | Buffer): Promise<void> {
  if (stream instanceof WriteStream && stream.errored) throw stream.errored;
  if (!stream.write(octets)) await once(stream, 'drain');
}

async function ended(stream: WriteStream): Promise<void> {
  stream.end();
  await finished(stream);
}
