import { decodeCharset, isDamaged, oneLine, textOf } from '../mime/charset.ts';
import { trimBlanks } from './header-block.ts';

/**
 * An encoded word (RFC 2047 §2), with a language as in RFC 2231 §5. Also accepts spaces in the text, and words without
 * white space around them, since programs send both.
 */
export const ENCODED_WORD = /=\?([^?\s]{1,64})\?([BbQq])\?([^?]*)\?=/;

const ENCODED_WORDS = new RegExp(ENCODED_WORD, 'g');

/** Per header block. Real ones have a few dozen encoded words, in one or two charsets. */
const MOST_WORDS = 3000;
const MOST_CHARSETS = 50;

const TOO_MANY_WORDS =
  'The header block has more than 3,000 encoded words or 50 charsets; the rest are shown as received.';
const TOO_MANY_ADDRESSES =
  'The header block has more than 1,000 addresses in one kind of field, or 40,000 words and commas in addresses; the rest were not read.';

const VALUE_CUT =
  'The subject, the Message-ID, a name or an address has more than 16,384 characters and was cut there; the header has all of it.';

/**
 * Bounds the work on one header block, since headers are also read on the main thread. Encoded words beyond the limit are
 * not decoded, and addresses beyond it are not read.
 */
export class HeaderLimit {
  #words = 0;
  #pieces: number;
  #addressesLeft = false;
  #valueCut = false;
  readonly #charsets = new Set<string>();

  /** @param pieces how many pieces of addresses are read: words, white space, brackets, commas */
  constructor(pieces = Number.POSITIVE_INFINITY) {
    this.#pieces = pieces;
  }

  admitsPiece(): boolean {
    if (this.#pieces > 0) this.#pieces -= 1;
    else this.#addressesLeft = true;
    return !this.#addressesLeft;
  }

  /** Records that a field has more addresses than are read. */
  leaveAddresses(): void {
    this.#addressesLeft = true;
  }

  /** Records that a value was cut. */
  cutValue(): void {
    this.#valueCut = true;
  }

  /** Whether some addresses were not read. */
  get addressesLeft(): boolean {
    return this.#addressesLeft;
  }

  /** @param charset in lower case */
  admits(charset: string): boolean {
    this.#words += 1;
    if (this.#charsets.size <= MOST_CHARSETS) this.#charsets.add(charset);
    return this.#words <= MOST_WORDS && this.#charsets.size <= MOST_CHARSETS;
  }

  /** Sentences about what was not decoded, cut or not read. */
  get problems(): readonly string[] {
    const words = this.#words > MOST_WORDS || this.#charsets.size > MOST_CHARSETS;
    return [
      ...(words ? [TOO_MANY_WORDS] : []),
      ...(this.#addressesLeft ? [TOO_MANY_ADDRESSES] : []),
      ...(this.#valueCut ? [VALUE_CUT] : []),
    ];
  }
}

/**
 * Decodes a header value, given with one char per octet, to a line of text. A word in an unknown charset is not decoded
 * (RFC 2047 §6.2).
 * @param limit the limit shared by the header block of the value
 * @param damaged called for each run of words with octets that are invalid in their charset
 */
export function decodeText(value: string, limit = new HeaderLimit(), damaged?: () => void): string {
  if (!value.includes('=?')) return oneLine(textOf(value));
  const text: string[] = [];
  let run: Run | null = null;
  let end = 0;
  for (const match of value.matchAll(ENCODED_WORDS)) {
    const [word, label = '', encoding = '', data = ''] = match;
    const between = value.slice(end, match.index);
    const charset = label.replace(/\*.*$/, '').toLowerCase();
    if (!limit.admits(charset)) continue;
    const octets = encoding === 'B' || encoding === 'b' ? base64(data) : quotedPrintable(data);
    // Not base64: show the word as received (RFC 2047 §6.3).
    if (octets.length === 0 && /[^=\s]/.test(data)) continue;
    // White space between two encoded words is not shown (RFC 2047 §6.2). Their octets are joined before they
    // are decoded: a word must hold whole characters (§5), but many programs cut at any octet.
    const adjacent = run !== null && trimBlanks(between) === '';
    if (run && adjacent && run.charset === charset) {
      run.octets.push(octets);
      run.words.push(between, word);
    } else {
      if (run) text.push(textOfRun(run, damaged));
      if (!adjacent) text.push(textOf(between));
      run = { charset, octets: [octets], words: [word] };
    }
    end = match.index + word.length;
  }
  if (run) text.push(textOfRun(run, damaged));
  text.push(textOf(value.slice(end)));
  return oneLine(text.join(''));
}

/** Adjacent encoded words of one charset. */
interface Run {
  readonly charset: string;
  readonly octets: Buffer[];
  readonly words: string[];
}

function textOfRun({ charset, octets, words }: Run, damaged?: () => void): string {
  const [first] = octets;
  const all = octets.length === 1 && first ? first : Buffer.concat(octets);
  const text = decodeCharset(all, charset);
  if (text === null) return textOf(words.join(''));
  if (damaged && isDamaged(all, charset, text)) damaged();
  return text;
}

/** Padding may be missing, or be in the middle if a program has joined two encoded texts. */
function base64(data: string): Buffer {
  if (!/=[^=]/.test(data)) return Buffer.from(data, 'base64');
  return Buffer.concat(data.split('=').map((piece) => Buffer.from(piece, 'base64')));
}

/** The Q encoding (RFC 2047 §4.2): `_` is a space; invalid escapes stay. */
function quotedPrintable(data: string): Buffer {
  const octets = Buffer.from(data.replaceAll('_', ' '), 'latin1');
  let length = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    const high = octet === EQUALS_SIGN ? hexDigit(octets[at + 1]) : -1;
    const low = octet === EQUALS_SIGN ? hexDigit(octets[at + 2]) : -1;
    const isEscape = high !== -1 && low !== -1;
    octets[length++] = isEscape ? 16 * high + low : octet;
    if (isEscape) at += 2;
  }
  return octets.subarray(0, length);
}

const EQUALS_SIGN = 0x3d;

/** @returns -1 if it is not one */
function hexDigit(octet = 0): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
