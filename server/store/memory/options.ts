import type { Archive } from '../archive.ts';
import type { ContentSource } from '../parse/contents.ts';
import type { Limits } from '../store.ts';

/** What a store in this process is made of. */
export interface MemoryStoreOptions {
  readonly limits: Limits;
  /** Identifies the sequence of changes: another one for each run. */
  readonly epoch: string;
  readonly contents: ContentSource;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Called when an evicted mail can't be removed from the archive. */
  readonly report: (error: unknown) => void;
  /** Where the octets live; default: in memory. */
  readonly archive?: Archive;
}
