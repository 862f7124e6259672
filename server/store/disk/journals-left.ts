import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import { moveAside } from './aside.ts';
import type { Files } from './files.ts';
import { parseFrames } from './frames.ts';
import type { MailFiles } from './mail-files.ts';
import type { Place } from './place.ts';

/**
 * Files the mails of journals that an earlier run has left, and removes the journals. Any of these mails may have been
 * filed already: then it is filed once more. A journal that is damaged is set aside afterwards.
 */
export async function fileJournals(place: Place, files: Files, mailFiles: MailFiles, log: Log): Promise<void> {
  const entries = await readdir(place.mail, { withFileTypes: true });
  const journals = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.journal'));
  for (const { name } of journals) {
    const path = join(place.mail, name);
    const { mails, cutShort, damage } = parseFrames(await readFile(path));
    await mailFiles.file(
      mails.map(({ record: { id, seq, ...received }, raw }) => ({ id, seq, incoming: { ...received, raw } })),
    );
    if (mails.length > 0) log.info('mail of an earlier run filed', { journal: path, mails: mails.length });
    if (damage !== null) await moveAside(place, files, log, name, damage);
    else await files.remove(path);
    if (cutShort > 0) log.info('mail that was not acknowledged is not there', { journal: path, octets: cutShort });
  }
}
