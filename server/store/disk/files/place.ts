import type { Dirent } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where things are in the folder of `--data`. */
export interface Place {
  readonly root: string;
  /**
   * The mails: `<id>.eml` and, for those committed together, `<first id>.jsonl`; or, until they have files of their
   * own, `<first id>.journal`.
   */
  readonly mail: string;
  /** Mails on their way in. */
  readonly incoming: string;
  /** What was found and is not a mail of ours. */
  readonly aside: string;
  /** Mails that were cleared, until they are deleted; what tells it from others follows. */
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

/** What follows the name of a folder of cleared mails in that of the empty one that takes its place. */
export const FRESH = '-fresh';
export const emlName = (id: string) => `${id}.eml`;
export const recordsName = (firstId: string) => `${firstId}.jsonl`;
export const journalName = (firstId: string) => `${firstId}.journal`;

const ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Whether a file has a name that Mailstop gives. Only plain files: a link would lead out of the folder. */
export function isOurs(entry: Dirent, extension: '.eml' | '.jsonl'): boolean {
  return entry.isFile() && entry.name.endsWith(extension) && ID.test(entry.name.slice(0, -extension.length));
}
