import { z } from 'zod';
import { count, counts, messageId } from './message.ts';
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

const time = z.iso.datetime();
const bound = z.object({ host: z.string(), port: count });
export const server = z.object({
  name: z.literal('mailstop'),
  version: z.string(),
  startedAt: time,
  uptime: count,
  smtp: bound,
  /** SMTP over TLS. */
  smtps: bound.nullable(),
  http: bound,
  pop3: bound.nullable(),
  /** POP3 over TLS. */
  pop3s: bound.nullable(),
  /** Whether POP3 accepts any login, or only those it was given. */
  pop3Logins: z.enum(['any', 'listed']),
  /** If set, STARTTLS and STLS are offered. */
  tls: z.object({ fingerprint: z.string() }).nullable(),
  /** The folder where mail is stored; null if it is only in memory. */
  data: z.string().nullable(),
  /** Null if mail is only in memory or no floor is set. */
  disk: disk.nullable(),
  limits: z.object({
    messages: count,
    bytes: count,
    messageBytes: count,
    /** Milliseconds; null for no age limit. */
    age: count.nullable(),
  }),
  counts,
  /** Identifies the sequence that `seq` counts: with another epoch, earlier seqs mean nothing. */
  epoch: z.string(),
  seq: count,
});

export const live = z.object({ live: z.literal(true) });

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

export const PROTOCOLS = ['SMTP', 'SMTPS', 'POP3', 'POP3S'] as const;

/**
 * How a session ended. `accepted`: at least one mail was accepted; `refused`: none was, and a command was refused;
 * `lost`: the connection broke, or Mailstop ended it, see `reason`; `ended`: nothing to report.
 */
export const OUTCOMES = ['open', 'accepted', 'refused', 'lost', 'ended'] as const;

const line = z.object({
  /** Milliseconds since the start of the session. */
  at: count,
  from: z.enum(['client', 'server']),
  /** Without its line end. Notes are in brackets: for credentials, for mails with their size, for lines left out. */
  text: z.string(),
});

export const sessionSummary = z.object({
  id: messageId,
  protocol: z.enum(PROTOCOLS),
  /** Address and port of the client. */
  peer: z.string(),
  startedAt: time,
  /** Null while it is open. */
  endedAt: time.nullable(),
  outcome: z.enum(OUTCOMES),
  /** Why it ended, if it ended badly; null otherwise. */
  reason: z.string().nullable(),
  /** The name in EHLO or HELO. */
  helo: z.string().nullable(),
  /** The SMTP username, or the POP3 login. */
  username: z.string().nullable(),
  /** The TLS version; null without TLS. */
  tls: z.string().nullable(),
  /** The sender in the latest MAIL, also if it was refused; empty for the null sender. */
  from: z.string().nullable(),
  /** The distinct recipients in all RCPT, also the refused ones; the first 100. */
  to: z.array(z.string()),
  /** Mails that were accepted. */
  mails: count,
  /** Commands that were refused. */
  refusals: count,
  /** The latest refused command and the reply to it. */
  refusal: z.object({ command: z.string(), reply: z.string() }).nullable(),
});

export const session = sessionSummary.extend({
  /** The accepted mails: the newest 1,000. Some may be deleted by now. */
  messages: z.array(messageId),
  /** The conversation. Of a long one, the beginning and the end. */
  transcript: z.array(line),
});

export const sessions = z.object({
  sessions: z.array(sessionSummary),
  /** How many match, not only those listed here. */
  matched: count,
});

export type Server = Of<typeof server>;
export type Live = Of<typeof live>;
export type Search = Of<typeof search>;
export type Searches = Of<typeof searches>;
export type DiskSpace = Of<typeof disk>;
export type Loading = Of<typeof loading>;
export type Ready = Of<typeof ready>;
export type SessionSummary = Of<typeof sessionSummary>;
export type Session = Of<typeof session>;
export type Sessions = Of<typeof sessions>;
export type SessionLine = Of<typeof line>;

/** A session as it is kept: its transcript is one text, which takes less memory than an object per line. */
export interface SessionRecord extends Omit<Session, 'transcript'> {
  readonly transcript: string;
}
