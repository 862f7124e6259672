import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Flags } from '../../../wire/flags.ts';

/** A Maildir has one file per mail, as in qmail: `new`, `cur` with flags in the name, `tmp` for files being written. */
export interface MaildirMail {
  readonly path: string;
  readonly flags: Pick<Flags, 'read' | 'flagged'>;
}

/** The separator before the flags; Windows has no colons in names. */
const INFO = process.platform === 'win32' ? ';' : ':';

export function isMaildir(folder: string): boolean {
  return existsSync(join(folder, 'cur')) && existsSync(join(folder, 'new'));
}

/** In order of delivery, which is the order of the names. */
export async function maildirMails(folder: string): Promise<readonly MaildirMail[]> {
  const found: (MaildirMail & { readonly name: string })[] = [];
  for (const sub of ['new', 'cur']) {
    for (const name of await readdir(join(folder, sub))) {
      if (name.startsWith('.')) continue;
      found.push({ name, path: join(folder, sub, name), flags: flagsIn(name) });
    }
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return found.sort((a, b) => compare(a.name, b.name));
}

/** Seen and flagged. */
function flagsIn(name: string): MaildirMail['flags'] {
  const [, letters = ''] = /[:;]2,([A-Za-z]*)$/.exec(name) ?? [];
  return { read: letters.includes('S'), flagged: letters.includes('F') };
}

/** @param n increases with each mail, so that mails of the same second stay in order */
export function maildirName(receivedAt: Date, n: number, flags: MaildirMail['flags']) {
  const unique = `${Math.floor(receivedAt.getTime() / 1000)}.${String(n).padStart(8, '0')}_${randomBytes(6).toString('hex')}.mailstop`;
  // In alphabetical order.
  const letters = `${flags.flagged ? 'F' : ''}${flags.read ? 'S' : ''}`;
  return letters === '' ? { sub: 'new', name: unique } : { sub: 'cur', name: `${unique}${INFO}2,${letters}` };
}
