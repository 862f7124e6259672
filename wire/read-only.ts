import type { z } from 'zod';

/** What a schema describes, at every depth read-only: nobody changes what was sent. */
export type Of<S extends z.ZodType> = ReadOnly<z.infer<S>>;

type ReadOnly<T> = T extends object ? { readonly [K in keyof T]: ReadOnly<T[K]> } : T;
