import { z } from 'zod';
import { forEachFlag } from './flags.ts';
import type { Of } from './read-only.ts';
import { WARNING_CODES, WARNING_PLACES } from './warning.ts';

/**
 * Every request and response of the REST API and every frame of the feed. The types of the clients and the inbox
 * derive from these schemas. Additive changes only: never rename or remove a field or change its meaning.
 *
 * Times are ISO 8601 in UTC, sizes octets, durations milliseconds. `null` = known to be absent.
 */

export const messageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'expected an id of 8 to 64 letters, digits, "-" and "_"');
const time = z.iso.datetime();
export const count = z.int().nonnegative();

export const address = z.object({
  /** Display name; empty if there is none. */
  name: z.string(),
  address: z.string(),
});

export const attachment = z.object({
  /** The index in `/api/messages/{id}/attachments/{index}`. */
  index: count,
  filename: z.string().nullable(),
  contentType: z.string(),
  size: count,
  contentId: z.string().nullable(),
  /** Shown in the HTML through its Content-ID; a reader would not call it an attachment. */
  inline: z.boolean(),
});

/** Something that a stricter server or a mail program would object to. */
export const warning = z.object({
  code: z.enum(WARNING_CODES),
  /** A sentence. */
  text: z.string(),
  where: z.enum(WARNING_PLACES),
});

export const summary = z.object({
  id: messageId,
  /** Increases with every mail and is never reused: the cursor for `before` and `after`. */
  seq: count,
  receivedAt: time,
  size: count,
  from: address.nullable(),
  to: z.array(address),
  cc: z.array(address),
  /** Envelope recipients that are not in a To or Cc header. */
  bcc: z.array(address),
  replyTo: z.array(address),
  subject: z.string().nullable(),
  /** From the Date header; null if it is missing or invalid. */
  date: time.nullable(),
  messageId: z.string().nullable(),
  /** From MAIL and RCPT; `from` is empty for the null sender. */
  envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
  username: z.string().nullable(),
  ...forEachFlag(() => z.boolean()),
  tags: z.array(z.string()),
  /** Null until the body is parsed, shortly after the mail arrives. */
  attachments: z.array(attachment).nullable(),
  /** Null until the body is parsed. */
  preview: z.string().nullable(),
  /**
   * Only in lists and in the feed, which truncate long lists of a mail, and only if one was truncated: how many entries
   * of each are missing. The whole mail has them all.
   */
  omitted: z
    .object({ to: count, cc: count, bcc: count, replyTo: count, rcpt: count, attachments: count })
    .exactOptional(),
  /** Envelope and session warnings are there at once; header and body warnings follow once the mail is parsed. */
  warnings: z.array(warning),
});

const parameters = z.record(z.string(), z.union([z.string(), z.literal(true)]));
const envelopePath = z.object({ address: z.string(), parameters });

/** The client that delivered the mail, and what it sent besides the mail itself. */
export const delivery = z.object({
  mail: envelopePath,
  rcpt: z.array(envelopePath),
  peer: z.object({
    address: z.string(),
    port: count,
    helo: z.string().nullable(),
    /** ESMTP, ESMTPA, ESMTPSA, ... (RFC 3848); HTTP for a mail delivered over REST. */
    protocol: z.string(),
    tls: z.object({ protocol: z.string(), cipher: z.string(), servername: z.string().nullable() }).nullable(),
    username: z.string().nullable(),
  }),
});

export const message = summary.extend({
  text: z.string().nullable(),
  /** As sent. To display it, load `/api/messages/{id}/html` in a frame. */
  html: z.string().nullable(),
  /** In order, with repeats, decoded and unfolded. */
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  attachments: z.array(attachment),
  preview: z.string(),
  /** http, https and mailto links, in order of appearance, entities decoded. */
  links: z.array(z.object({ url: z.string(), text: z.string(), source: z.enum(['html', 'text']) })),
  /** Possible one-time codes, most likely first, and why. */
  codes: z.array(z.object({ code: z.string(), reason: z.string() })),
  /** The one-time code; null if there is none or it is ambiguous. */
  code: z.string().nullable(),
  /** Sources of the images in the HTML, without `data:` URLs over 2,048 characters. */
  images: z.array(z.string()),
  /** URLs of List-Unsubscribe. */
  unsubscribe: z.array(z.string()),
  delivery,
  /** What was guessed, truncated or not read in this mail, and why, in sentences; null if nothing was. */
  problem: z.string().nullable(),
});

export const counts = z.object({
  total: count,
  unread: count,
  /** Octets of raw mail stored. */
  bytes: count,
  /** Mails removed by the limits since the start. */
  evicted: count,
});

export const listing = z.object({
  messages: z.array(summary),
  /** How many mails in the whole store match `q`. */
  matched: count,
  total: count,
  /** `before` for the next page; null on the last page. */
  cursor: count.nullable(),
  counts,
  /** The latest event included in this page: feed frames with a higher seq are newer than the page. */
  seq: count,
});

/** The same with whole mails: the answer to `full=1` and `ids`. */
export const wholeListing = listing.extend({ messages: z.array(message) });

/** The body of PATCH. */
export const patch = z.strictObject({
  ...forEachFlag(() => z.boolean().exactOptional()),
  tags: z.array(z.string().min(1).max(100)).max(100).exactOptional(),
});

/** The answers to PATCH and DELETE by query, and to POST. */
export const patched = z.object({ updated: count });
export const deleted = z.object({ deleted: count });
export const created = z.object({ id: messageId, seq: count });

const mailbox = z.object({ name: z.string(), total: count, unread: count });
export const mailboxes = z.object({ addresses: z.array(mailbox), usernames: z.array(mailbox) });

/** application/problem+json (RFC 9457). `code` is what programs switch on. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  /** Names the thing, the value and what was expected. */
  detail: z.string(),
});

export type Address = Of<typeof address>;
export type Attachment = Of<typeof attachment>;
export type Summary = Of<typeof summary>;
export type Delivery = Of<typeof delivery>;
export type Message = Of<typeof message>;
export type Listing = Of<typeof listing>;
export type WholeListing = Of<typeof wholeListing>;
export type Counts = Of<typeof counts>;
export type Patch = Of<typeof patch>;
export type Patched = Of<typeof patched>;
export type Deleted = Of<typeof deleted>;
export type Created = Of<typeof created>;
export type Mailboxes = Of<typeof mailboxes>;
export type Problem = Of<typeof problem>;
