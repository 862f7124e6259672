import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Flags } from '../../../wire/flags.ts';

/** A folder with a file for each mail, as qmail made it: `new`, `cur` with flags in the name, `tmp` for what is written. */
export interface MaildirMail {
  readonly path: string;
  readonly flags: Pick<Flags, 'read' | 'flagged'>;
}

/** What flags follow; Windows has no colons in names. */
const INFO = process.platform === 'win32' ? ';' : ':';

export function isMaildir(folder: string): boolean {
  return existsSync(join(folder, 'cur')) && existsSync(join(folder, 'new'));
}

/** In the order in which they were delivered, which the names begin with. */
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

/** Seen, and flagged. */
function flagsIn(name: string): MaildirMail['flags'] {
  const [, letters = ''] = /[:;]2,([A-Za-z]*)$/.exec(name) ?? [];
  return { read: letters.includes('S'), flagged: letters.includes('F') };
}

/** @param n grows with each mail, so that those of one second stay in order */
export function maildirName(receivedAt: Date, n: number, flags: MaildirMail['flags']) {
  const unique = `${Math.floor(receivedAt.getTime() / 1000)}.${String(n).padStart(8, '0')}_${randomBytes(6).toString('hex')}.mailstop`;
  // In the order of the alphabet.
  const letters = `${flags.flagged ? 'F' : ''}${flags.read ? 'S' : ''}`;
  return letters === '' ? { sub: 'new', name: unique } : { sub: 'cur', name: `${unique}${INFO}2,${letters}` };
}
