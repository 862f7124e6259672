import type { Dirent } from 'node:fs';
import { join, resolve } from 'node:path';

/** Paths in the `--data` folder. */
export interface Place {
  readonly root: string;
  /**
   * The mails: `<id>.eml` and, for those committed together, `<first id>.jsonl`; or, until they have their own files,
   * `<first id>.journal`.
   */
  readonly mail: string;
  /** Mails that are still being written. */
  readonly incoming: string;
  /** Files that were set aside because they are not mails of ours. */
  readonly aside: string;
  /** Prefix of folders with cleared mails that are not deleted yet; a unique suffix follows. */
  readonly cleared: string;
  readonly state: string;
  readonly lock: string;
}

export function placeIn(folder: string): Place {
  const root = resolve(folder);
  return {
    root,
    mail: join(root, 'mail'),
    incoming: join(root, 'incoming'),
    aside: join(root, 'aside'),
    cleared: join(root, 'cleared-'),
    state: join(root, 'state.json'),
    lock: join(root, 'lock'),
  };
}

/** Suffix of the empty folder that replaces a cleared one; the rest of the name is that of the cleared folder. */
export const FRESH = '-fresh';
export const emlName = (id: string) => `${id}.eml`;
export const recordsName = (firstId: string) => `${firstId}.jsonl`;
export const journalName = (firstId: string) => `${firstId}.journal`;

const ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Whether a file has a name that Mailstop gives. Plain files only: a symlink could lead out of the folder. */
export function isOurs(entry: Dirent, extension: '.eml' | '.jsonl'): boolean {
  return entry.isFile() && entry.name.endsWith(extension) && ID.test(entry.name.slice(0, -extension.length));
}
