import { isUtf8 } from 'node:buffer';
import { TextDecoder, toUSVString } from 'node:util';
import iconv from 'iconv-lite';

/** Names seen in mail that the Encoding Standard, and so TextDecoder, does not list. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['uhc', 'euc-kr'],
  ['cp50220', 'iso-2022-jp'],
  ['iso-2022-jp-ms', 'iso-2022-jp'],
  ['iso-2022-jp-1', 'iso-2022-jp'],
  ['iso-2022-jp-2', 'iso-2022-jp'],
  ['iso-2022-jp-3', 'iso-2022-jp'],
  ['iso-2022-jp-2004', 'iso-2022-jp'],
  ['cp65001', 'utf-8'],
  ['utf8mb4', 'utf-8'],
]);

/**
 * Charsets of which Node's decoder lacks characters, and makes control characters of their octets; iconv-lite has them,
 * by these names.
 */
const IN_ICONV: ReadonlyMap<string, string> = new Map([
  ['big5', 'big5'],
  ['euc-jp', 'euc-jp'],
  ['euc-kr', 'cp949'],
]);

/** Names that promise nothing: what the octets are must be guessed. */
const UNSAID: ReadonlySet<string> = new Set([
  '',
  'us-ascii',
  'ascii',
  'unknown-8bit',
  'x-unknown',
  'unknown',
  '8bit',
  'default',
]);

/**
 * Text of octets whose charset nobody declared, or declared wrongly: UTF-8 when it is valid (RFC 6532),
 * else windows-1252, which is what undeclared 8-bit mail mostly is, and which has a character for every octet.
 */
export function guessText(octets: Buffer): string {
  return isUtf8(octets) ? octets.toString() : windows1252(octets);
}

/**
 * The one decoder of bodies, encoded words and parameters. UTF-7 becomes text like any other; who makes markup of it
 * must ask `isUtf7` first. Octets that the charset does not have become U+FFFD.
 * @returns null when the charset is not known
 */
export function decodeCharset(octets: Buffer, charset: string): string | null {
  const label = labelOf(charset);
  if (label === 'utf-8' || label === 'utf8') return octets.toString();
  if (UNSAID.has(label)) return guessText(octets);
  const standard = inStandard(octets, label);
  if (standard === null) return decodeRare(octets, label);
  if (standard.decoder.encoding === 'windows-1252') return windows1252(octets);
  const name = IN_ICONV.get(standard.decoder.encoding);
  if (name !== undefined) return iconv.decode(standard.octets, name);
  return standard.decoder.decode(standard.octets);
}

/**
 * Whether decoding replaced octets that the charset does not have. A U+FFFD that the sender encoded is a character like
 * any other.
 * @param text what `decodeCharset` made of the octets
 * @param cut whether the octets may end in the middle of a character
 */
export function isDamaged(octets: Buffer, charset: string, text: string, cut = false): boolean {
  if (!text.includes('\ufffd')) return false;
  const label = labelOf(charset);
  if (UNSAID.has(label)) return false;
  const standard = inStandard(octets, label);
  // Not every octet sequence is one that the encoder would write, but these charsets are rare.
  if (standard === null) return !iconv.encode(text, rareName(label), { addBOM: false }).equals(octets);
  // These have no U+FFFD of their own.
  if (IN_ICONV.has(standard.decoder.encoding)) return !cut || text.replace(/\ufffd{1,2}$/, '').includes('\ufffd');
  try {
    new TextDecoder(standard.decoder.encoding, { fatal: true }).decode(standard.octets, { stream: cut });
    return false;
  } catch {
    return true;
  }
}

function labelOf(charset: string): string {
  return charset.toLowerCase().replace(/^[\s"']+|[\s"']+$/g, '');
}

/** The Encoding Standard's decoder of a charset, and the octets as it wants them; null when it has none. */
function inStandard(octets: Buffer, label: string): { readonly decoder: TextDecoder; readonly octets: Buffer } | null {
  const isShifted = label === 'iso-2022-kr' || label === 'csiso2022kr';
  const decoder = decoderFor(isShifted ? 'euc-kr' : label);
  if (decoder === null) return null;
  if (isShifted) return { decoder, octets: shiftedToEightBits(octets) };
  return { decoder, octets: decoder.encoding === 'iso-2022-jp' ? withoutIdleEscapes(octets) : octets };
}

/** The decoders of the labels used last: finding one, or that there is none, takes longer than decoding an encoded word. */
const decoders = new Map<string, TextDecoder | null>();
const MOST_DECODERS = 50;
/** Longer labels are not remembered, in chars. No known label is this long. */
const MAX_LABEL = 64;

/** @returns null when the Encoding Standard does not list the label */
function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined || label.length > MAX_LABEL) return known ?? null;
  const decoder = newDecoder(label);
  if (decoders.size >= MOST_DECODERS) decoders.clear();
  decoders.set(label, decoder);
  return decoder;
}

function newDecoder(label: string): TextDecoder | null {
  try {
    return new TextDecoder(ALIASES.get(label) ?? label);
  } catch {
    return null;
  }
}

/** What the Encoding Standard left out: DOS and Macintosh code pages, UTF-7, and other names of what it has. */
function decodeRare(octets: Buffer, label: string): string | null {
  const name = rareName(label);
  return NOT_CHARSETS.has(label) || !iconv.encodingExists(name) ? null : toUSVString(iconv.decode(octets, name));
}

function rareName(label: string): string {
  if (!isUtf7(label)) return label;
  return label.includes('imap') ? 'utf-7-imap' : 'utf-7';
}

/** Names that iconv-lite knows but are encodings of octets. */
const NOT_CHARSETS: ReadonlySet<string> = new Set(['base64', 'hex', 'binary']);

/** UTF-7 may decode to markup that nothing before us has seen, so in HTML it must stay as it is. */
export function isUtf7(charset: string): boolean {
  return charset
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .includes('utf7');
}

/** ISO-2022-KR (RFC 1557) as EUC-KR: between SO and SI each octet is half of a Korean character. */
function shiftedToEightBits(octets: Buffer): Buffer {
  const text = octets
    .toString('latin1')
    .replaceAll('\x1b$)C', '')
    .replace(/\x0e([^\x0f]*)\x0f?/g, (_, korean: string) =>
      korean.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) | 0x80)),
    );
  return Buffer.from(text, 'latin1');
}

/**
 * An escape sequence that is followed by the next at once is an error to the decoder; it comes about wherever two
 * encoded words are put together.
 */
function withoutIdleEscapes(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1').replace(/\x1b[$(][@BIJ](?=\x1b)/g, ''), 'latin1');
}

/** The octets 80 to 9F. Some versions of Node's own decoder take them for control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252(octets: Buffer): string {
  return octets.toString('latin1').replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252.charAt(char.charCodeAt(0) - 0x80));
}

/** A string of one char per octet, as text. */
export function textOf(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? guessText(Buffer.from(latin1, 'latin1')) : latin1;
}

/** Control characters, line ends among them, become a blank: a decoded value is always one line. */
export function oneLine(text: string): string {
  return /[\0-\x1f\x7f-\x9f]/.test(text) ? text.replace(/[\0-\x1f\x7f-\x9f]+/g, ' ').trim() : text;
}
