import { z } from 'zod';
import type { Of } from './read-only.ts';

/** Server state other than mails, over the wire. */

/** A saved search. */
export const search = z.object({ name: z.string(), q: z.string() });
export const searches = z.object({ searches: z.array(search) });
export const searchName = z
  .string()
  .max(100)
  .regex(/^(?!\s)[^\p{Cc}]+(?<!\s)$/u, 'expected a name of 1 to 100 characters without spaces around it');
export const searchBody = z.strictObject({ q: z.string().min(1).max(4096) });

/** Free space on the disk that stores mail. Sizes in octets. */
export const disk = z.object({
  folder: z.string(),
  /** Null if unknown. */
  free: z.int().nonnegative().nullable(),
  /** Space to leave free (--min-free-disk). */
  floor: z.int().nonnegative(),
  /** True if less is free; mail is then rejected. */
  low: z.boolean(),
});

/** Progress of reading stored mail at the start. */
export const loading = z.object({ done: z.int().nonnegative(), total: z.int().nonnegative() });

/**
 * `smtp` is the greeting, or why there is none. `disk` is why mail is rejected, or null. `loading` is null once the
 * mail of earlier runs is read.
 */
export const ready = z.object({
  ready: z.boolean(),
  smtp: z.string(),
  disk: z.string().nullable(),
  loading: loading.nullable(),
});

export type Search = Of<typeof search>;
export type Searches = Of<typeof searches>;
export type DiskSpace = Of<typeof disk>;
export type Loading = Of<typeof loading>;
export type Ready = Of<typeof ready>;
