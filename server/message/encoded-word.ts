import { decodeCharset, isDamaged, oneLine, textOf } from './charset.ts';
import { trimBlanks } from './header-block.ts';

/**
 * An encoded word (RFC 2047 §2), with a language as in RFC 2231 §5. More is taken than the grammar allows: blanks in
 * the text, and words that are not set off by white space, since programs send both.
 */
export const ENCODED_WORD = /=\?([^?\s]{1,64})\?([BbQq])\?([^?]*)\?=/;

const ENCODED_WORDS = new RegExp(ENCODED_WORD, 'g');

/**
 * Decodes a header value, given with one char per octet, to a line of text. A word in an unknown charset stays as it is
 * (RFC 2047 §6.2).
 * @param damaged called for each run of words with octets that their charset does not have
 */
export function decodeText(value: string, damaged?: () => void): string {
  if (!value.includes('=?')) return oneLine(textOf(value));
  const text: string[] = [];
  let run: Run | null = null;
  let end = 0;
  for (const match of value.matchAll(ENCODED_WORDS)) {
    const [word, label = '', encoding = '', data = ''] = match;
    const between = value.slice(end, match.index);
    const charset = label.replace(/\*.*$/, '');
    const octets = encoding === 'B' || encoding === 'b' ? base64(data) : quotedPrintable(data);
    // White space between two encoded words is not shown (RFC 2047 §6.2). Their octets are put together before they
    // are decoded: a word must hold whole characters (§5), but many programs cut at any octet.
    const adjacent = run !== null && trimBlanks(between) === '';
    if (run && adjacent && run.charset === charset.toLowerCase()) {
      run.octets.push(octets);
      run.words.push(between, word);
    } else {
      if (run) text.push(textOfRun(run, damaged));
      if (!adjacent) text.push(textOf(between));
      run = { charset: charset.toLowerCase(), octets: [octets], words: [word] };
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

/** Padding may be missing, or stand in the middle where a program has joined two encodings. */
function base64(data: string): Buffer {
  if (!/=[^=]/.test(data)) return Buffer.from(data, 'base64');
  return Buffer.concat(data.split('=').map((piece) => Buffer.from(piece, 'base64')));
}

/** The Q encoding (RFC 2047 §4.2): `_` is a blank; what is no valid escape stays. */
function quotedPrintable(data: string): Buffer {
  const octets = data
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1');
}
