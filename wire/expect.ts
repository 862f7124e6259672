import { z } from 'zod';
import { count, message, problem, summary } from './message.ts';
import { whereSchema } from './query/where.ts';
import type { AddressTest, AttachmentTest, LinkTest, MessageTest, NumberTest, TextTest } from './tests.ts';

/** Waiting and expecting, over the wire. Times are in milliseconds. */

const MAX_TIME = 600_000;
const MAX_COUNT = 10_000;
const milliseconds = z.int().min(0).max(MAX_TIME);

/** An empty test is met by every mail: whoever wrote it meant something else. */
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

/** In RE2's syntax, which is not checked here: it takes a thread, see `server/http/request/expressions.ts`. */
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
      /** Where it is: in the HTML when the mail has HTML, unless it is said. */
      source: z.enum(['html', 'text']).exactOptional(),
    }),
  ),
]);

/** One test, or several of which each must be met by one of the list; `[]` means that there is none. */
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

/** A query as data. Everything that is named must hold. */
export const where = whereSchema({ filled, regex, notEmpty });

/** A query in the query language. */
export const queryText = z.string().regex(/\S/, EMPTY);

const bound = z.int().min(0).max(MAX_COUNT);

/** The body of `POST /api/expect`. */
export const expectation = z.strictObject({
  /** Which mails are meant, in the query language, ... */
  q: queryText.optional(),
  /** ... or as data; both may be given. Without either, every mail is. */
  where: where.optional(),
  /** Exactly this many, or a range; without it at least one. 0 waits the whole `within`, and means that none came. */
  count: z
    .union([bound, inOrder(notEmpty(z.strictObject({ min: bound.optional(), max: bound.optional() })))])
    .optional(),
  within: milliseconds.default(5000),
  /** After that, nothing more may come for this long. */
  quiet: milliseconds.default(0),
  /** Only mails whose seq is higher. */
  after: count.optional(),
  /** What each of them must be. */
  message: messageTest.optional(),
  /** Answer with whole mails: the newest 200, as far as they have 16 MiB in all; the rest are summaries. */
  full: z.boolean().default(false),
});

/** The query of `GET /api/messages/wait`. */
export const waitParameters = {
  count: z.int().min(1).max(MAX_COUNT),
  timeout: milliseconds,
};

/** Whole mails with `full`, and summaries otherwise. Only a whole mail has `headers`. */
const given = z.array(z.union([message, summary]));

/** The answer to a wait: the mails, newest first, and the `after` with which only newer ones count. */
export const waited = z.object({ messages: given, cursor: count, elapsed: count });

const near = z.object({
  id: z.string(),
  subject: z.string().nullable(),
  misses: z.array(z.object({ field: z.string(), expected: z.string(), actual: z.string() })),
});

/** 408, when not enough came in time, and 417, when what came is not what was expected. */
export const unmet = problem.extend({
  pass: z.literal(false),
  /** For people: the whole report. */
  reason: z.string(),
  /** What the mailbox got that the query is about, newest first, at most 50; all mail when it is about none. */
  arrived: z.array(summary),
  /** How many mails are there for others. */
  others: count,
  /** How many mails were still being parsed when time was up; null when older mail was not looked through. */
  undecided: count.nullable(),
  /** What comes nearest, and what keeps it from being it. */
  closest: z.array(near),
  /** The mails that are meant. */
  messages: z.array(summary),
  elapsed: count,
});

export const met = z.object({ pass: z.literal(true), messages: given, cursor: count, elapsed: count });

export type Expectation = z.input<typeof expectation>;
export type Where = z.infer<typeof where>;
export type Waited = z.infer<typeof waited>;
export type Unmet = z.infer<typeof unmet>;
export type Met = z.infer<typeof met>;
