import { join } from 'node:path';
import type { Log } from '../../../log.ts';
import { type Files, readIfThere } from '../files/files.ts';
import type { Place } from '../files/place.ts';

/** Moves a file out of the mail folder and logs it. Keeps its name, plus a number if that is taken. */
export async function moveAside(place: Place, files: Files, log: Log, name: string, reason: string): Promise<void> {
  const from = join(place.mail, name);
  log.warn('file set aside', { file: from, to: place.aside, reason });
  let to = join(place.aside, name);
  for (let n = 2; await isTaken(to); n++) to = join(place.aside, `${name}.${n}`);
  await files.rename(from, to);
}

async function isTaken(path: string): Promise<boolean> {
  return (await readIfThere(path).catch(() => path)) !== null;
}
