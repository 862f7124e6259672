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
 * Charsets for which Node's decoder lacks characters and returns control characters instead; iconv-lite has them, under
 * these names.
 */
const IN_ICONV: ReadonlyMap<string, string> = new Map([
  ['big5', 'big5'],
  ['euc-jp', 'euc-jp'],
  ['euc-kr', 'cp949'],
]);

/** Names that say nothing reliable: the charset must be guessed. */
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
 * Decodes octets whose charset was not declared, or was declared wrongly: as UTF-8 if valid (RFC 6532), otherwise as
 * windows-1252, the most common charset of undeclared 8-bit mail, which has a character for every octet.
 */
export function guessText(octets: Buffer): string {
  return isUtf8(octets) ? octets.toString() : windows1252(octets);
}

/**
 * The one decoder of bodies, encoded words and parameters. Decodes UTF-7 like any other charset; callers that use the
 * result as markup must check `isUtf7` first. Octets that are invalid in the charset become U+FFFD.
 * @returns null when the charset is unknown
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
 * Whether decoding replaced octets that are invalid in the charset. A U+FFFD that the sender encoded does not count.
 * @param text the result of `decodeCharset`
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

/** The Encoding Standard's decoder for a charset, and the octets in the form that it needs; null when it has none. */
function inStandard(octets: Buffer, label: string): { readonly decoder: TextDecoder; readonly octets: Buffer } | null {
  const isShifted = label === 'iso-2022-kr' || label === 'csiso2022kr';
  const decoder = decoderFor(isShifted ? 'euc-kr' : label);
  if (decoder === null) return null;
  if (isShifted) return { decoder, octets: shiftedToEightBits(octets) };
  return { decoder, octets: decoder.encoding === 'iso-2022-jp' ? withoutIdleEscapes(octets) : octets };
}

/** Cache of decoders by label: a lookup, even in vain, takes longer than decoding an encoded word. */
const decoders = new Map<string, TextDecoder | null>();
const MOST_DECODERS = 50;
/** In chars. Longer labels are not cached; no known label is this long. */
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

/** What the Encoding Standard lacks: DOS and Macintosh code pages, UTF-7, and more aliases. */
function decodeRare(octets: Buffer, label: string): string | null {
  const name = rareName(label);
  return NOT_CHARSETS.has(label) || !iconv.encodingExists(name) ? null : toUSVString(iconv.decode(octets, name));
}

function rareName(label: string): string {
  if (!isUtf7(label)) return label;
  return label.includes('imap') ? 'utf-7-imap' : 'utf-7';
}

/** Names that iconv-lite knows but that are not charsets. */
const NOT_CHARSETS: ReadonlySet<string> = new Set(['base64', 'hex', 'binary']);

/** UTF-7 may decode to markup that no filter before us has seen, so in HTML it must not be decoded. */
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
 * The decoder rejects an escape sequence directly followed by another one, which happens wherever two encoded words are
 * joined.
 */
function withoutIdleEscapes(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1').replace(/\x1b[$(][@BIJ](?=\x1b)/g, ''), 'latin1');
}

/** The octets 80 to 9F. Some versions of Node's own decoder take them for control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252(octets: Buffer): string {
  return octets.toString('latin1').replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252.charAt(char.charCodeAt(0) - 0x80));
}

/** Decodes a string of one char per octet. */
export function textOf(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? guessText(Buffer.from(latin1, 'latin1')) : latin1;
}

/** Replaces control characters, including line ends, with a space: a decoded value is always one line. */
export function oneLine(text: string): string {
  return /[\0-\x1f\x7f-\x9f]/.test(text) ? text.replace(/[\0-\x1f\x7f-\x9f]+/g, ' ').trim() : text;
}
