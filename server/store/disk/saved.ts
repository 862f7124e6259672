import { z } from 'zod';
import { forEachFlag } from '../../../wire/flags.ts';
import type { Marks } from '../archive.ts';
import { readIfThere } from './files/files.ts';
import { assertReadable, FORMATS, parseJson } from './files/format.ts';
import type { Place } from './files/place.ts';

/** To add a mark, add it here with its default for new mail. Loose: keeps marks that a later version adds. */
export const marksSchema = z.looseObject({
  ...forEachFlag(() => z.boolean().default(false)),
  tags: z.array(z.string()).readonly().default([]),
  deletedFrom: z
    .object({ recipients: z.array(z.string()).readonly(), username: z.boolean() })
    .nullable()
    .default(null),
} satisfies Record<keyof Marks, z.ZodType>);
/** The marks of a new mail. */
export const NEW = marksSchema.parse({});

const schema = z.looseObject({
  version: z.literal(FORMATS.state),
  /** No higher seq has been assigned. */
  seq: z.int().nonnegative(),
  searches: z
    .array(z.object({ name: z.string(), q: z.string() }).readonly())
    .readonly()
    .default([]),
  /** Only mails whose marks differ from those of a new one. */
  marks: z.record(z.string(), marksSchema),
});
export type Saved = z.infer<typeof schema>;

/** The saved state, or why it can't be read; null when there is none. Read-only. @throws {NewerFormat} */
export async function readState({ state }: Place): Promise<Saved | Error | null> {
  const octets = await readIfThere(state);
  if (octets === null) return null;
  const value = parseJson(octets.toString());
  assertReadable('state', value, state);
  if (value === null) return new Error('it is not JSON');
  const { data, error } = schema.safeParse(value);
  const [fault] = error?.issues.map(({ path, message }) => [...path, message].join(': ')) ?? [];
  return data ?? new Error(`it is not the state of a Mailstop: ${fault}`);
}
