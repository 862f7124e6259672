import { type After, afterTimeout } from './after.ts';
import { startExpiry } from './expiry.ts';
import { startIndexer } from './indexer.ts';
import type { Store } from './store.ts';

/**
 * What each process does for a store by itself, without being asked. Processes that share a store all do it, so both
 * methods have to bear that: whoever comes second finds nothing to do.
 */
export interface Upkeep {
  /**
   * Parses a mail ahead of time, so that lists have its preview and searches need not wait. Never rejects because of
   * the mail's content. Claims the mail while it is being parsed, so that others don't parse it, too: a claim must end
   * by itself when its process dies.
   * @param keep whether the mail is likely to be read soon
   * @returns false when it is claimed, or can't be parsed right now: try again later
   */
  prepare(id: string, keep: boolean): Promise<boolean>;
  /**
   * Removes mails received at that time or earlier, except pinned ones.
   * @returns when the oldest remaining unpinned mail was received; null when there is none
   */
  expire(before: Date): Promise<Date | null>;
}

interface UpkeepOptions {
  /** Maximum age of a mail, in milliseconds; null for no limit. */
  readonly age: number | null;
  readonly now: () => Date;
  readonly report: (error: unknown) => void;
  readonly after?: After;
}

/** Parses new mail, and expires old mail. Resolves when the mails that are already too old are gone. */
export async function startUpkeep(
  store: Store & Upkeep,
  { age, now, report, after = afterTimeout }: UpkeepOptions,
): Promise<Disposable> {
  const expiry = age === null ? null : await startExpiry(store, { age, now, report, after });
  const indexer = startIndexer(store, report, after);
  return {
    [Symbol.dispose]() {
      indexer[Symbol.dispose]();
      expiry?.[Symbol.dispose]();
    },
  };
}
