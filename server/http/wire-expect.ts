import { z } from 'zod';
import type { AttachmentTest, LinkTest, MessageTest } from '../message/expectation.ts';
import { HAVINGS } from '../message/query.ts';
import { regexFault } from '../message/term.ts';
import type { AddressTest, NumberTest, TextTest } from '../message/value-test.ts';
import { count, problem, summary } from './wire.ts';

/** Waiting and expecting, over the wire. Times are in milliseconds. */

const MAX_TIME = 600_000;
const MAX_COUNT = 10_000;
const milliseconds = z.int().min(0).max(MAX_TIME);

/** In RE2's syntax; whatever it is, it can't hold the server. */
const regex = z
  .string()
  .max(1000)
  .superRefine((text, context) => {
    const fault = regexFault(text);
    if (fault !== null) context.addIssue({ code: 'custom', message: `expected an expression in RE2 syntax: ${fault}` });
  });

export const text: z.ZodType<TextTest> = z.lazy(() =>
  z.union([
    z.string(),
    z.null(),
    z.strictObject({
      equals: z.string().exactOptional(),
      contains: z.union([z.string(), z.array(z.string())]).exactOptional(),
      matches: regex.exactOptional(),
      not: text.exactOptional(),
    }),
  ]),
);
const number: z.ZodType<NumberTest> = z.union([
  z.number(),
  z.strictObject({ min: z.number().exactOptional(), max: z.number().exactOptional() }),
]);
const address: z.ZodType<AddressTest> = z.union([
  text,
  z.strictObject({ name: text.exactOptional(), address: text.exactOptional() }),
]);
const attachment: z.ZodType<AttachmentTest> = z.strictObject({
  filename: text.exactOptional(),
  contentType: text.exactOptional(),
  size: number.exactOptional(),
  text: text.exactOptional(),
});
const link: z.ZodType<TextTest | LinkTest> = z.union([
  text,
  z.strictObject({ url: text.exactOptional(), text: text.exactOptional() }),
]);

/** One test, or several of which each must be met by one of the list. */
const some = <T>(test: z.ZodType<T>) => z.union([test, z.array(test)]).exactOptional();

export const messageTest: z.ZodType<MessageTest> = z.strictObject({
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
  envelope: z.strictObject({ from: text.exactOptional(), to: some(text) }).exactOptional(),
  headers: z.record(z.string(), text).exactOptional(),
  attachments: some(attachment),
  links: some(link),
  tags: some(text),
});

/** A text to find, or an expression. */
const term = z.union([z.string().min(1), z.strictObject({ matches: regex })]);

/** A query for programs: no quoting to get wrong. All that is named must hold. */
export const where = z.strictObject({
  anywhere: term.exactOptional(),
  from: term.exactOptional(),
  to: term.exactOptional(),
  cc: term.exactOptional(),
  bcc: term.exactOptional(),
  rcpt: term.exactOptional(),
  subject: term.exactOptional(),
  text: term.exactOptional(),
  html: term.exactOptional(),
  filename: term.exactOptional(),
  /** By name; `true` = it is there. */
  headers: z.record(z.string().min(1), z.union([term, z.literal(true)])).exactOptional(),
  user: z.string().exactOptional(),
  tag: z.string().exactOptional(),
  id: z.string().exactOptional(),
  read: z.boolean().exactOptional(),
  pinned: z.boolean().exactOptional(),
  has: z.array(z.enum(HAVINGS)).exactOptional(),
});

/** The body of `POST /api/expect`. */
export const expectation = z.strictObject({
  /** Which mails are meant, in the query language, ... */
  q: z.string().optional(),
  /** ... or as data; both may be given. */
  where: where.optional(),
  /** Exactly so many, or a range; without it at least one. 0 waits the whole `within`, and means that none came. */
  count: z
    .union([
      z.int().min(0).max(MAX_COUNT),
      z.strictObject({ min: z.int().min(0).max(MAX_COUNT).optional(), max: z.int().min(0).max(MAX_COUNT).optional() }),
    ])
    .optional(),
  within: milliseconds.default(5000),
  /** After that, nothing more may come for so long. */
  quiet: milliseconds.default(0),
  /** Only mails whose seq is higher. */
  after: count.optional(),
  /** What each of them must be. */
  message: messageTest.optional(),
});

/** The query of `GET /api/messages/wait`. */
export const waitParameters = {
  count: z.int().min(1).max(MAX_COUNT),
  timeout: milliseconds,
};

/** What waited for it gets: the mails, newest first, and the `after` that only newer ones come behind. */
export const waited = z.object({ messages: z.array(summary), cursor: count, elapsed: count });

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
  /** What is there, newest first, at most 50. */
  arrived: z.array(summary),
  /** What comes nearest, and what keeps it from being it. */
  closest: z.array(near),
  /** The mails that are meant. */
  messages: z.array(summary),
  elapsed: count,
});

export const met = z.object({ pass: z.literal(true), messages: z.array(summary), cursor: count, elapsed: count });

export type Expectation = z.input<typeof expectation>;
export type Where = z.infer<typeof where>;
export type Waited = z.infer<typeof waited>;
export type Unmet = z.infer<typeof unmet>;
export type Met = z.infer<typeof met>;
