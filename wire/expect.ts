import { z } from 'zod';
import { count, message, problem, summary } from './message.ts';
import { whereSchema } from './query/where.ts';
import type { Of } from './read-only.ts';
import type { AddressTest, AttachmentTest, LinkTest, MessageTest, NumberTest, TextTest } from './tests.ts';

/** Waiting and expecting, over the wire. Times are in milliseconds. */

const MAX_TIME = 600_000;
const MAX_COUNT = 10_000;
const milliseconds = z.int().min(0).max(MAX_TIME);

/** Every mail meets an empty test, so it must be a mistake. */
const EMPTY = 'is empty, so every mail would pass: say what is expected, or leave it out';
const filled = z.string().min(1, EMPTY);

function notEmpty<S extends z.ZodType<object>>(schema: S): S {
  return schema
    .refine((test) => Object.keys(test).length > 0, { error: EMPTY, abort: true })
    .meta({ minProperties: 1 });
}

interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

function inOrder<S extends z.ZodType<Bounds>>(schema: S): S {
  return schema.refine(
    ({ min, max }) => min === undefined || max === undefined || min <= max,
    'can never be met: "min" is more than "max"',
  );
}

/** RE2 syntax. Not checked here: that takes a thread, see `server/http/request/expressions.ts`. */
const regex = filled.max(1000).refine((text) => text !== '(?:)', EMPTY);

export const text: z.ZodType<TextTest> = z.lazy(() =>
  z.union([
    z.string(),
    z.null(),
    notEmpty(
      z.strictObject({
        equals: z.string().exactOptional(),
        contains: z.union([filled, z.array(filled).min(1, EMPTY)]).exactOptional(),
        matches: regex.exactOptional(),
        not: text.exactOptional(),
      }),
    ),
  ]),
);
const number: z.ZodType<NumberTest> = z.union([
  z.number(),
  inOrder(notEmpty(z.strictObject({ min: z.number().exactOptional(), max: z.number().exactOptional() }))),
]);
const address: z.ZodType<AddressTest> = z.union([
  text,
  notEmpty(z.strictObject({ name: text.exactOptional(), address: text.exactOptional() })),
]);
const attachment: z.ZodType<AttachmentTest> = notEmpty(
  z.strictObject({
    filename: text.exactOptional(),
    contentType: text.exactOptional(),
    size: number.exactOptional(),
    text: text.exactOptional(),
  }),
);
const link: z.ZodType<TextTest | LinkTest> = z.union([
  text,
  notEmpty(
    z.strictObject({
      url: text.exactOptional(),
      text: text.exactOptional(),
      /** Where the link is. By default in the HTML if the mail has HTML, and in the text otherwise. */
      source: z.enum(['html', 'text']).exactOptional(),
    }),
  ),
]);

/** One test, or several, each of which at least one of the values must meet; `[]` means that there must be none. */
const some = <T>(test: z.ZodType<T>) => z.union([test, z.array(test)]).exactOptional();

export const messageTest: z.ZodType<MessageTest> = notEmpty(
  z.strictObject({
    subject: text.exactOptional(),
    from: address.exactOptional(),
    to: some(address),
    cc: some(address),
    bcc: some(address),
    replyTo: some(address),
    text: text.exactOptional(),
    html: text.exactOptional(),
    preview: text.exactOptional(),
    messageId: text.exactOptional(),
    username: text.exactOptional(),
    code: text.exactOptional(),
    size: number.exactOptional(),
    envelope: notEmpty(z.strictObject({ from: text.exactOptional(), to: some(text) })).exactOptional(),
    headers: notEmpty(z.record(filled, text)).exactOptional(),
    attachments: some(attachment),
    links: some(link),
    tags: some(text),
  }),
);

/** A query as data. All fields must match. */
export const where = whereSchema({ filled, regex, notEmpty });

/** A query in the query language. */
export const queryText = z.string().regex(/\S/, EMPTY);

const bound = z.int().min(0).max(MAX_COUNT);

/** The body of `POST /api/expect`. */
export const expectation = z.strictObject({
  /** Which mails to check, in the query language, ... */
  q: queryText.optional(),
  /** ... or as data. With both, mails must match both; with neither, every mail counts. */
  where: where.optional(),
  /** Exactly this many, or a range; at least one by default. 0 waits for all of `within`: no mail may arrive. */
  count: z
    .union([bound, inOrder(notEmpty(z.strictObject({ min: bound.optional(), max: bound.optional() })))])
    .optional(),
  within: milliseconds.default(5000),
  /** After the expectation is met, no further mail may arrive for this long. */
  quiet: milliseconds.default(0),
  /** Only mails with a higher seq. */
  after: count.optional(),
  /** What each of these mails must be. */
  message: messageTest.optional(),
  /** Return whole mails: the newest 200, up to 16 MiB in total; the rest as summaries. */
  full: z.boolean().default(false),
});

/** The query of `GET /api/messages/wait`. */
export const waitParameters = {
  count: z.int().min(1).max(MAX_COUNT),
  timeout: milliseconds,
};

/** Whole mails with `full`, otherwise summaries. Only a whole mail has `headers`. */
const given = z.array(z.union([message, summary]));

/** The answer to a wait: the mails, newest first, and a cursor: pass it as `after` to get only newer mails. */
export const waited = z.object({ messages: given, cursor: count, elapsed: count });

const near = z.object({
  id: z.string(),
  subject: z.string().nullable(),
  misses: z.array(z.object({ field: z.string(), expected: z.string(), actual: z.string() })),
});

/** 408 if too few mails came in time, 417 if those that came are not as expected. */
export const unmet = problem.extend({
  pass: z.literal(false),
  /** The whole report, for people. */
  reason: z.string(),
  /** Mail for the mailbox in the query, newest first, at most 50; all mail if the query names no mailbox. */
  arrived: z.array(summary),
  /** How many mails are for others. */
  others: count,
  /** How many mails were still being parsed at the deadline; null if older mail was still being searched. */
  undecided: count.nullable(),
  /** The nearest mails, and why each does not match. */
  closest: z.array(near),
  /** The mails that the query matches. */
  messages: z.array(summary),
  elapsed: count,
});

export const met = z.object({ pass: z.literal(true), messages: given, cursor: count, elapsed: count });

export type Expectation = z.input<typeof expectation>;
export type Where = Of<typeof where>;
export type Waited = Of<typeof waited>;
export type Unmet = Of<typeof unmet>;
export type Met = Of<typeof met>;
