import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Message } from '../../../client/index.ts';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import { cleanFilename } from '../../http/answer/mail-bytes.ts';
import { makeFolder } from '../../make-folder.ts';
import { FINE } from '../exit.ts';
import type { Context } from '../verbs/verb.ts';
import { jsonText } from './output.ts';

/**
 * Saves a mail's attachments in a folder, under their own names as far as these are harmless, and prints the paths.
 * Saves inline parts too. Never overwrites an existing file.
 */
export async function saveAttachments(
  { api, out }: Context,
  mail: Message,
  folder: string,
  json: boolean,
): Promise<number> {
  if (mail.attachments.length === 0)
    throw new MailstopError('part-not-found', `the mail "${mail.id}" has no attachments`);
  await writing(folder, () => makeFolder(folder));
  const saved: { path: string; filename: string | null; contentType: string; size: number }[] = [];
  for (const { index, filename, contentType, size } of mail.attachments) {
    const name = cleanFilename(filename ?? `part-${index}`);
    const octets = await api.attachment(mail.id, index);
    const path = await writing(join(folder, name), () => saveAs(folder, name, octets));
    saved.push({ path, filename, contentType, size });
  }
  if (json) await out.line(jsonText(saved));
  else for (const { path } of saved) await out.line(path);
  return FINE;
}

/** @returns the first free path: `a.txt`, `a-2.txt`, ... */
async function saveAs(folder: string, name: string, octets: Uint8Array): Promise<string> {
  const ending = extname(name);
  for (let n = 1; ; n++) {
    const path = join(folder, n === 1 ? name : `${name.slice(0, name.length - ending.length)}-${n}${ending}`);
    try {
      await writeFile(path, octets, { flag: 'wx' });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new MailstopError('bad-config', `cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
