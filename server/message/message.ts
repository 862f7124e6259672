import type { Flags } from '../../wire/flags.ts';
import type { Warning } from '../../wire/warning.ts';

/**
 * The mail model. Plain data, no I/O: everything else is written in these terms.
 *
 * *Envelope* is what the SMTP commands said (RFC 5321 §2.3.1), *headers* is what the mail itself
 * says (RFC 5322 §2.2). The two need not agree, and a sandbox shows both.
 */

/** ESMTP parameters of a MAIL or RCPT command as sent; `true` for one without a value (RFC 5321 §4.1.2). */
export type EsmtpParameters = Readonly<Record<string, string | true>>;

/** One MAIL or RCPT command. */
export interface EnvelopePath {
  /** The address as the client wrote it, without brackets and source route; empty for the null reverse-path `<>`. */
  readonly address: string;
  readonly parameters: EsmtpParameters;
}

export interface Envelope {
  readonly from: EnvelopePath;
  /** Each accepted RCPT in order, duplicates included. */
  readonly to: readonly EnvelopePath[];
}

export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly servername: string | null;
}

/** What is known about the client that delivered a mail. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** The argument of HELO or EHLO; null when none was given. */
  readonly helo: string | null;
  /** `ESMTP`, `ESMTPSA`, ... (RFC 3848), or `HTTP` for a mail uploaded over REST. */
  readonly protocol: string;
  readonly tls: TlsFacts | null;
  /** The username given to AUTH. The password is never kept. */
  readonly username: string | null;
}

/** An incoming mail: what a listener passes to `deliver`. */
export interface Incoming {
  /** The octets between 354 and CRLF.CRLF, dot-unstuffed and otherwise untouched. */
  readonly raw: Buffer;
  readonly envelope: Envelope;
  readonly peer: Peer;
  readonly receivedAt: Date;
  /** What was wrong with the envelope and the session. */
  readonly warnings: readonly Warning[];
}

/**
 * Stores a mail. Resolves when every reader can see it; only then may the server reply 250.
 * @throws {MailstopError} `store-full` or `message-too-large` when it can't be stored
 */
export type Deliver = (incoming: Incoming) => Promise<{ readonly id: string }>;

/** One mailbox of an address header (RFC 5322 §3.4), decoded; `name` is empty when there is none. */
export interface Address {
  readonly name: string;
  readonly address: string;
}

/** What the header block says, decoded. Missing or broken values are null or empty. */
export interface HeaderFacts {
  readonly from: Address | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** The Bcc header, which a mail should not carry (RFC 5322 §3.6.3) but sometimes does. */
  readonly bccHeader: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string | null;
  /** From the Date header; null when missing or invalid. */
  readonly date: Date | null;
  /** Without its angle brackets. */
  readonly messageId: string | null;
}

/** Metadata of a part that is a file or an inline image. */
export interface Attachment {
  /** Its index in `/attachments/{index}`, from 0. */
  readonly index: number;
  /** As the sender wrote it, decoded; never use it as a path. Null when the part has no name. */
  readonly filename: string | null;
  /** Lower case, without parameters. */
  readonly contentType: string;
  /** Octets, decoded. */
  readonly size: number;
  /** Content-ID without its angle brackets. */
  readonly contentId: string | null;
  /** True for a part that the HTML shows by its Content-ID; false for what a user would call an attachment. */
  readonly inline: boolean;
}

/** The mailboxes that a mail was deleted from, while others still have it. */
export interface DeletedFrom {
  /** Recipients of the envelope, in lower case. */
  readonly recipients: readonly string[];
  /** Whether the mailbox of the SMTP username that sent it has deleted it. */
  readonly username: boolean;
}

/** What a list row, an event and a search over headers need. Small; the mail's bytes are not in it. */
export interface Summary extends Flags {
  readonly id: string;
  /** Position in the store's sequence of changes: grows with every mail, never reused. */
  readonly seq: number;
  readonly receivedAt: Date;
  /** Octets, raw. */
  readonly size: number;
  readonly from: Address | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** Envelope recipients that are not in a To or Cc header. */
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string | null;
  readonly date: Date | null;
  readonly messageId: string | null;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly username: string | null;
  readonly tags: readonly string[];
  /** Null while no mailbox has deleted it. */
  readonly deletedFrom: DeletedFrom | null;
  /** Null until the body has been parsed. */
  readonly attachments: readonly Attachment[] | null;
  /** The beginning of the text, white space folded; null until the body has been parsed. */
  readonly preview: string | null;
  /** What a stricter server or a mail client would object to; complete once the mail has been parsed. */
  readonly warnings: readonly Warning[];
}

/** One header field of the mail, decoded (RFC 2047) and unfolded. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** A link in a mail. */
export interface Link {
  /** Entities decoded, so that it works as is. */
  readonly url: string;
  /** The visible text, white space collapsed, at most 500 characters; for a bare URL, the URL. */
  readonly text: string;
  readonly source: 'html' | 'text';
}

/** A possible one-time code. */
export interface Code {
  /** Without the spaces and hyphens that group it. */
  readonly code: string;
  /** Why it looks like a code, in a few words. */
  readonly reason: string;
}

/** What tests need from a mail: links to click and codes to type. */
export interface Extracts {
  /** http, https and mailto, in order of appearance; each URL once for the HTML and once for the text. */
  readonly links: readonly Link[];
  /** Likeliest first. */
  readonly codes: readonly Code[];
  /** The code that the mail is about; null when there is none or it is ambiguous. */
  readonly code: string | null;
  /** Image URLs in the HTML, as written; `data:` URLs over 2,048 characters are left out. */
  readonly images: readonly string[];
  /** The URLs of List-Unsubscribe (RFC 2369 §3.2). */
  readonly unsubscribe: readonly string[];
}

/** A part of a mail (RFC 2046); the mail itself is the root part. Positions are octet offsets in the raw mail. */
export interface MimePart {
  /** Its IMAP part number (RFC 3501 §6.4.5), like `1.2`; `TEXT` for a multipart that is the body of a mail. */
  readonly path: string;
  /** Lower case, without parameters. */
  readonly contentType: string;
  /** Parameters of Content-Type, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Lower case, without parameters; null when the part doesn't say. */
  readonly disposition: string | null;
  readonly filename: string | null;
  /** Content-Transfer-Encoding, lower case. */
  readonly encoding: string;
  /** Without angle brackets. */
  readonly contentId: string | null;
  readonly headerAt: number;
  readonly bodyAt: number;
  /** The first octet after the body. */
  readonly end: number;
  /** Octets, decoded; null when not decoded: multiparts, and the parts of a mail within the mail. */
  readonly size: number | null;
  /** How the part is shown; null when it was not decoded. */
  readonly shownAs: 'text' | 'html' | 'attachment' | null;
  /** Its index among the attachments; null when it isn't one. */
  readonly attachment: number | null;
  /** Sentences that say what was guessed and what is missing. */
  readonly problems: readonly string[];
  readonly children: readonly MimePart[];
}

/** A parsed mail. */
export interface Content extends Extracts {
  /** The plain text body; null when the mail has none. */
  readonly text: string | null;
  /** The HTML body as sent: `cid:` references are not replaced yet. */
  readonly html: string | null;
  readonly headers: readonly Header[];
  readonly attachments: readonly Attachment[];
  /** What a person would read, for search: the text, or the HTML's text when there is no plain text. */
  readonly searchText: string;
  readonly preview: string;
  /** Null when the mail could not be parsed. */
  readonly structure: MimePart | null;
  /** What is wrong with the octets, regardless of what the envelope declared. */
  readonly warnings: readonly Warning[];
  /** What was guessed, cut or not read, and why, in sentences; null when there was no problem. */
  readonly problem: string | null;
}
