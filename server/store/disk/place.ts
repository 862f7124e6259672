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

export const emlName = (id: string) => `${id}.eml`;
export const recordsName = (firstId: string) => `${firstId}.jsonl`;
export const journalName = (firstId: string) => `${firstId}.journal`;
