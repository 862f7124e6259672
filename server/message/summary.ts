import { domainToASCII } from 'node:url';
import { NO_FLAGS } from '../../wire/flags.ts';
import { parseAddressList } from './headers/address-list.ts';
import { parseDate } from './headers/date.ts';
import { decodeText, HeaderLimit } from './headers/encoded-word.ts';
import { type Field, headerBlock } from './headers/header-block.ts';
import { type FromHeaders, LazySummary } from './lazy-summary.ts';
import type { Address, Header, HeaderFacts, Incoming } from './message.ts';
import { oneLine, textOf } from './mime/charset.ts';

/** Most addresses read of each kind. */
const MAX_ADDRESSES = 1000;

/** Most pieces of addresses read. 1,000 addresses with names of several words have about 10,000. */
const MAX_PIECES = 40_000;

/** Longest value in a summary, in chars. RFC 5322 §2.1.1 allows 998 per line, and values may be folded. */
const MAX_VALUE = 16_384;

/** The limit for one header block, to pass to `readHeaders`. */
export function addressLimit(): HeaderLimit {
  return new HeaderLimit(MAX_PIECES);
}

/**
 * Reads the header block. Linear in its length, reads at most 256 KiB, never throws.
 * @param limit bounds the work, and lists what was left out in its `problems`
 */
export function readHeaders(raw: Buffer, limit = addressLimit()): HeaderFacts {
  const { fields } = headerBlock(raw);
  const facts = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    if (!KEYS.has(key)) continue;
    const values = facts.get(key);
    if (values) values.push(value);
    else facts.set(key, [value]);
  }
  // If a field that may occur only once (RFC 5322 §3.6) is repeated, the first one counts, as in most mail clients.
  const first = (key: string) => facts.get(key)?.[0];
  const addresses = (key: string) => addressesOf(facts.get(key) ?? [], limit);

  const subject = first('subject');
  const date = first('date');
  const messageId = first('message-id');
  return {
    from: addresses('from')[0] ?? null,
    // If an address field is repeated, take all of them, so that no recipient is missed.
    to: addresses('to'),
    cc: addresses('cc'),
    bccHeader: addresses('bcc'),
    replyTo: addresses('reply-to'),
    subject: subject === undefined ? null : short(decodeText(subject, limit), limit),
    date: date === undefined ? null : parseDate(date),
    messageId: messageId === undefined ? null : bareId(messageId, limit),
  };
}

const KEYS: ReadonlySet<string> = new Set(['from', 'to', 'cc', 'bcc', 'reply-to', 'subject', 'date', 'message-id']);

interface Identity {
  readonly id: string;
  readonly seq: number;
  /** Octets of the whole mail, if only its beginning is given. */
  readonly size?: number;
}

/** What a list row shows of a mail. The headers are read on first use. Never throws. */
export function summarize(incoming: Incoming, { id, seq, size = incoming.raw.length }: Identity): LazySummary {
  const { raw, envelope, peer, receivedAt } = incoming;
  const to = envelope.to.map(({ address }) => address);
  return new LazySummary(
    {
      id,
      seq,
      receivedAt,
      size,
      envelope: { from: envelope.from.address, to },
      username: peer.username,
      ...NO_FLAGS,
      tags: NO_TAGS,
      deletedFrom: null,
      attachments: null,
      preview: null,
      warnings: incoming.warnings,
    },
    new HeaderReader(raw, to),
  );
}

const NO_TAGS: readonly string[] = Object.freeze([]);

/** In octets. A longer header block is read right away: keeping a copy could take more memory than the result. */
const LONGEST_KEPT = 4096;

/**
 * Reads the headers of a mail once. Until then it keeps a copy of the header block, never the mail: the summary may
 * live long after the mail is gone.
 */
class HeaderReader {
  /** One char per octet. */
  #block: string | null;
  readonly #recipients: readonly string[];
  #read: FromHeaders | null = null;

  constructor(raw: Buffer, recipients: readonly string[]) {
    this.#recipients = recipients;
    this.#block = shortBlock(raw);
    if (this.#block === null) this.#read = headersOf(raw, recipients);
  }

  get read(): FromHeaders {
    this.#read ??= headersOf(Buffer.from(this.#block ?? '', 'latin1'), this.#recipients);
    this.#block = null;
    return this.#read;
  }
}

/** Everything before the first empty line; null when that is long, or may not be the whole header block. */
function shortBlock(raw: Buffer): string | null {
  const begin = raw.toString('latin1', 0, LONGEST_KEPT);
  const { index = -1 } = EMPTY_LINE.exec(begin) ?? {};
  // Empty lines may come before the block.
  if (index === -1 || begin.startsWith('\r') || begin.startsWith('\n')) return null;
  // A copy: a slice would keep the whole string in memory.
  return raw.toString('latin1', 0, index + 1);
}

const EMPTY_LINE = /\n\r?\n/;

function headersOf(raw: Buffer, recipients: readonly string[]): FromHeaders {
  const limit = addressLimit();
  const { from, to, cc, replyTo, subject, date, messageId } = readHeaders(raw, limit);
  // If not all addresses were read, we can't know who is missing.
  const bcc = limit.addressesLeft ? [] : unnamed(recipients, to, cc);
  return { from, to, cc, bcc, replyTo, subject, date, messageId };
}

/**
 * All header fields in order, repeats included, decoded and unfolded. Never throws.
 * @param damaged called for each value with octets that its charset does not have
 */
export function decodedHeaders(raw: Buffer, words = new HeaderLimit(), damaged?: () => void): Header[] {
  return headerBlock(raw).fields.map(({ name, value }: Field) => ({ name, value: decodeText(value, words, damaged) }));
}

/** The recipients that are in no header, each once. */
export function unnamed(recipients: readonly string[], to: readonly Address[], cc: readonly Address[]): Address[] {
  const known = new Set([...to, ...cc].map(({ address }) => sameAddress(address)));
  const missing: Address[] = [];
  for (const address of recipients) {
    const key = sameAddress(address);
    if (known.has(key)) continue;
    known.add(key);
    missing.push({ name: '', address });
  }
  return missing;
}

/**
 * A key that is equal for addresses of the same mailbox: case is ignored, even in the local part, and the Unicode and
 * `xn--` forms of a domain are equal (RFC 5890 §2.3.2.1).
 */
function sameAddress(address: string): string {
  const lower = address.toLowerCase();
  if (!/[^\0-\x7f]/.test(lower)) return lower;
  const at = lower.lastIndexOf('@') + 1;
  return lower.slice(0, at) + (domainToASCII(lower.slice(at)) || lower.slice(at));
}

/** `<id>` without its brackets; a value without brackets is taken as is. */
function bareId(value: string, limit: HeaderLimit): string | null {
  const open = value.indexOf('<');
  const close = value.indexOf('>', open + 1);
  const id = open !== -1 && close !== -1 ? value.slice(open + 1, close) : value;
  return short(oneLine(textOf(id)).trim(), limit) || null;
}

function addressesOf(values: readonly string[], limit: HeaderLimit): Address[] {
  const list: Address[] = [];
  for (const value of values) {
    // Read one more than is kept, to detect that there are more.
    for (const { name, address } of parseAddressList(value, MAX_ADDRESSES + 1 - list.length, limit)) {
      list.push({ name: short(name, limit), address: short(address, limit) });
    }
  }
  if (list.length > MAX_ADDRESSES) limit.leaveAddresses();
  return list.slice(0, MAX_ADDRESSES);
}

/**
 * Cuts to the limit, but not within a surrogate pair. Returns a copy: a slice of the header block would keep the whole
 * block in memory for as long as the summary lives.
 */
function short(text: string, limit: HeaderLimit): string {
  // V8 copies short slices anyway.
  if (text.length < 13) return text;
  if (text.length > MAX_VALUE) limit.cutValue();
  const cut = text.length > MAX_VALUE && /[\ud800-\udbff]/.test(text.charAt(MAX_VALUE - 1)) ? MAX_VALUE - 1 : MAX_VALUE;
  return Buffer.from(text.slice(0, cut)).toString();
}
