import type { Flags } from '../../wire/flags.ts';
import type { Warning } from '../../wire/warning.ts';

/**
 * What a mail is to Mailstop. Plain data, no I/O: everything else is written in these terms.
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

/** What is known of the client that delivered a mail. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** The argument of HELO or EHLO; null when none was given. */
  readonly helo: string | null;
  /** `ESMTP`, `ESMTPSA`, ... (RFC 3848), or `HTTP` for a mail put in over REST. */
  readonly protocol: string;
  readonly tls: TlsFacts | null;
  /** The username given to AUTH. The password is never kept. */
  readonly username: string | null;
}

/** A mail on its way in: what a listener hands to `deliver`. */
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
 * Stores a mail. Resolves when every reader can see it, so only then may the client be told 250.
 * @throws {MailstopError} `store-full` or `message-too-large` when it can't be stored
 */
export type Deliver = (incoming: Incoming) => Promise<{ readonly id: string }>;

/** One mailbox of an address header (RFC 5322 §3.4), decoded; `name` is empty when there is none. */
export interface Address {
  readonly name: string;
  readonly address: string;
}

/** What the header block says, decoded. Whatever is missing or broken is null or empty. */
export interface HeaderFacts {
  readonly from: Address | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** The Bcc header, which a mail should not carry (RFC 5322 §3.6.3) but sometimes does. */
  readonly bccHeader: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string | null;
  /** From the Date header; null when missing or not a date. */
  readonly date: Date | null;
  /** Without its angle brackets. */
  readonly messageId: string | null;
}

/** A part that is a file or an inline image: what is told of it without its bytes. */
export interface Attachment {
  /** Its place in `/attachments/{index}`, from 0. */
  readonly index: number;
  /** As the sender wrote it, decoded; never to be used as a path. Null when the part has no name. */
  readonly filename: string | null;
  /** Lower case, without parameters. */
  readonly contentType: string;
  /** Octets, decoded. */
  readonly size: number;
  /** Content-ID without its angle brackets. */
  readonly contentId: string | null;
  /** True for a part that the HTML shows by its Content-ID; false for what a reader calls an attachment. */
  readonly inline: boolean;
}

/** The mailboxes that a mail was deleted from, while others still have it. */
export interface DeletedFrom {
  /** Recipients of the envelope, in lower case. */
  readonly recipients: readonly string[];
  /** The mailbox of the SMTP username that has sent it. */
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
  /** Envelope recipients that no To or Cc header names. */
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string | null;
  readonly date: Date | null;
  readonly messageId: string | null;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly username: string | null;
  readonly tags: readonly string[];
  /** Null as long as no mailbox has deleted it. */
  readonly deletedFrom: DeletedFrom | null;
  /** Null until the body has been parsed. */
  readonly attachments: readonly Attachment[] | null;
  /** The beginning of the text, white space folded; null until the body has been parsed. */
  readonly preview: string | null;
  /** What a stricter server or a mail program would object to; about the header and the body once it has been parsed. */
  readonly warnings: readonly Warning[];
}

/** One header field as it stands in the mail, decoded (RFC 2047) and unfolded. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Something in a mail that one can go to. */
export interface Link {
  /** As it works: entities decoded. */
  readonly url: string;
  /** What a reader sees of it, white space folded, at most 500 characters; for a bare URL the URL. */
  readonly text: string;
  readonly source: 'html' | 'text';
}

/** What may be a one-time code. */
export interface Code {
  /** Without the blanks and hyphens that group it. */
  readonly code: string;
  /** Why it is taken for one, in a few words. */
  readonly reason: string;
}

/** What tests want of a mail: to click and to type in. */
export interface Extracts {
  /** http, https and mailto, in order of appearance; each URL once for the HTML and once for the text. */
  readonly links: readonly Link[];
  /** The likeliest first. */
  readonly codes: readonly Code[];
  /** The one that is meant; null when there is none or when it can't be told. */
  readonly code: string | null;
  /** Sources of the pictures in the HTML, as written; `data:` URLs over 2,048 characters are left out. */
  readonly images: readonly string[];
  /** The URLs of List-Unsubscribe (RFC 2369 §3.2). */
  readonly unsubscribe: readonly string[];
}

/** A part of a mail (RFC 2046), the mail itself among them. Places are octets of the raw mail. */
export interface MimePart {
  /** Its number as IMAP gives it (RFC 3501 §6.4.5), like `1.2`; `TEXT` for a multipart that is the body of a mail. */
  readonly path: string;
  /** Lower case, without parameters. */
  readonly contentType: string;
  /** Those of Content-Type, decoded. */
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
  /** Octets, decoded; null for what was not decoded: multiparts, and the parts of a mail within the mail. */
  readonly size: number | null;
  /** What a reader sees it as; null for what was not decoded. */
  readonly shownAs: 'text' | 'html' | 'attachment' | null;
  /** Its index among the attachments; null when it is none. */
  readonly attachment: number | null;
  /** Sentences: what was guessed and what is not shown. */
  readonly problems: readonly string[];
  readonly children: readonly MimePart[];
}

/** A parsed mail. */
export interface Content extends Extracts {
  /** The plain text body; null when the mail has none. */
  readonly text: string | null;
  /** The HTML body as sent: `cid:` references are not yet replaced. */
  readonly html: string | null;
  readonly headers: readonly Header[];
  readonly attachments: readonly Attachment[];
  /** What a person would read, for search: the text, or the HTML's text when there is no plain text. */
  readonly searchText: string;
  readonly preview: string;
  /** Null when the mail could not be parsed. */
  readonly structure: MimePart | null;
  /** What is wrong with the octets, whatever the envelope declared. */
  readonly warnings: readonly Warning[];
  /** What of the mail was guessed, cut or not read, and why, in sentences; null when all is well. */
  readonly problem: string | null;
}
