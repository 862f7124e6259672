import { z } from 'zod';
import { forEachFlag } from '../../../wire/flags.ts';
import type { Marks } from '../archive.ts';
import { readIfThere } from './files/files.ts';
import { assertReadable, FORMATS, parseJson } from './files/format.ts';
import type { Place } from './files/place.ts';

/** A mark that is added here, with what a new mail has, is saved and read. Loose: what a later version adds stays. */
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
  /** No higher number has been given to a change. */
  seq: z.int().nonnegative(),
  searches: z
    .array(z.object({ name: z.string(), q: z.string() }).readonly())
    .readonly()
    .default([]),
  /** Only mails whose marks differ from those of a new one. */
  marks: z.record(z.string(), marksSchema),
});
export type Saved = z.infer<typeof schema>;

/** What was saved, or why it can't be read; null when nothing was. Touches nothing. @throws {NewerFormat} */
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
