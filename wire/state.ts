import { z } from 'zod';

/** What the server has beside mails, over the wire. */

/** A query with a name. */
export const search = z.object({ name: z.string(), q: z.string() });
export const searches = z.object({ searches: z.array(search) });
export const searchName = z
  .string()
  .max(100)
  .regex(/^(?!\s)[^\p{Cc}]+(?<!\s)$/u, 'expected a name of 1 to 100 characters without blanks around it');
export const searchBody = z.strictObject({ q: z.string().min(1).max(4096) });

/** The room that is left where mail is kept. Sizes in octets. */
export const disk = z.object({
  folder: z.string(),
  /** Null when it can't be told. */
  free: z.int().nonnegative().nullable(),
  /** So much is to be left free (--min-free-disk). */
  floor: z.int().nonnegative(),
  /** Whether there is less, and mail is refused. */
  low: z.boolean(),
});

/** How far the start has come in reading the mail that is kept. */
export const loading = z.object({ done: z.int().nonnegative(), total: z.int().nonnegative() });

/**
 * `smtp` is the greeting, or why there is none; `disk` is why mail is refused, null when it is not; `loading` is null
 * once the mail of earlier runs has been read.
 */
export const ready = z.object({
  ready: z.boolean(),
  smtp: z.string(),
  disk: z.string().nullable(),
  loading: loading.nullable(),
});

export type Search = z.infer<typeof search>;
export type Searches = z.infer<typeof searches>;
export type DiskSpace = z.infer<typeof disk>;
export type Loading = z.infer<typeof loading>;
export type Ready = z.infer<typeof ready>;
