import type { Address } from '../message.ts';
import { oneLine, textOf } from '../mime/charset.ts';
import { decodeText, ENCODED_WORD, HeaderLimit } from './encoded-word.ts';
import { trimBlanks } from './header-block.ts';
import { commentEnd, quotedEnd } from './lexical.ts';

const ATOMIC_ENCODED_WORD = new RegExp(ENCODED_WORD, 'y');

/**
 * Reads an address header (RFC 5322 §3.4, with the obsolete forms of §4.4 and UTF-8 as in RFC 6532), given with one
 * char per octet. Groups are flattened, so `undisclosed-recipients:;` gives nothing. Invalid input is read as well as
 * possible: a missing bracket, a missing comma, a name without an address, a bare local part.
 *
 * Linear in the length of the value.
 * @param limit stops after this many addresses
 * @param ofBlock the limit shared by the header block of the value
 */
export function parseAddressList(
  value: string,
  limit = Number.POSITIVE_INFINITY,
  ofBlock = new HeaderLimit(),
): Address[] {
  const list: Address[] = [];
  let element = new Element();
  const finish = () => {
    const address = element.finish(ofBlock);
    if (address) list.push(address);
    element = new Element();
  };

  let at = 0;
  // No bracket is closed before this position, so later ones need not search there again.
  let unclosedUntil = 0;
  while (at < value.length && list.length < limit && ofBlock.admitsPiece()) {
    const char = value.charAt(at);
    let next = at + 1;
    switch (char) {
      case '"':
        next = quotedEnd(value, at) ?? value.length;
        element.add(value.slice(at, next), 'quoted');
        break;
      case '(':
        next = commentEnd(value, at) ?? value.length;
        element.comment = value.slice(at + 1, value.charAt(next - 1) === ')' ? next - 1 : next);
        element.blank();
        break;
      case '<': {
        // A second address without a comma before it.
        if (element.angle !== null) finish();
        const angle = at < unclosedUntil ? null : angleAt(value, at);
        if (angle?.closed) {
          element.angle = withoutRoute(angle.text);
          next = angle.end;
        } else {
          unclosedUntil = Math.max(unclosedUntil, angle?.end ?? 0);
          next = unclosedEnd(value, at);
          element.angle = withoutRoute(trimBlanks(value.slice(at + 1, next)));
        }
        break;
      }
      case '[':
        next = literalEnd(value, at);
        element.add(value.slice(at, next), 'plain');
        break;
      case ',':
      case ';':
        finish();
        break;
      case ':':
        // Before it is the name of a group. Groups must not contain groups (RFC 5322 §3.4); if they do, treat them the
        // same.
        if (element.hasAt) element.add(char, 'plain');
        else element = new Element();
        break;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        element.blank();
        break;
      case '=': {
        // Some programs leave commas in the text of an encoded word, which RFC 2047 §5 (3) forbids.
        ATOMIC_ENCODED_WORD.lastIndex = at;
        const word = ATOMIC_ENCODED_WORD.exec(value)?.[0] ?? char;
        next = at + word.length;
        element.add(word, 'plain');
        break;
      }
      default:
        next = plainEnd(value, at);
        element.add(value.slice(at, next), 'plain');
    }
    at = next;
  }
  // The rest might be cut off, and look like another address.
  if (at >= value.length && list.length < limit) finish();
  return list;
}

/** A run of chars between white space; an address if it has an @ outside of quoted strings. */
interface Word {
  /** As in the header, with quotes: for an address. */
  source: string;
  /** Without quotes: for a name. */
  text: string;
  hasAt: boolean;
}

/** The text between two commas. */
class Element {
  readonly #words: Word[] = [];
  #current: Word | null = null;
  #endsWithAt = false;
  angle: string | null = null;
  comment: string | null = null;
  hasAt = false;

  add(source: string, kind: 'quoted' | 'plain'): void {
    const startsWithAt = kind === 'plain' && source.startsWith('@');
    // White space around the @ is the obsolete form (RFC 5322 §4.4).
    if (this.#current === null && startsWithAt) this.#current = this.#words.pop() ?? null;
    this.#current ??= { source: '', text: '', hasAt: false };
    this.#current.source += source;
    this.#current.text += kind === 'quoted' ? unquoted(source) : source;
    this.#endsWithAt = kind === 'plain' && source.endsWith('@');
    if (kind === 'plain' && source.includes('@')) {
      this.#current.hasAt = true;
      this.hasAt = true;
    }
  }

  blank(): void {
    if (this.#current === null || this.#endsWithAt) return;
    this.#words.push(this.#current);
    this.#current = null;
  }

  finish(ofBlock: HeaderLimit): Address | null {
    if (this.#current) this.#words.push(this.#current);
    let address = this.angle;
    let words = this.#words;
    if (address === null) {
      const index = words.findLastIndex((word) => word.hasAt);
      const [only] = words;
      if (index !== -1) {
        const [from, to] = aroundDots(words, index);
        const joined = words.slice(from, to);
        address = joined.map(({ source }) => source).join('');
        words = words.toSpliced(from, joined.length);
      } else if (words.length === 1 && only && only.source === only.text && !only.text.startsWith('=?')) {
        // A bare local part, like `root` of cron's mails.
        address = only.text;
        words = [];
      }
    }
    // The old way to give a name is a comment after the address (RFC 5322 §3.4.1, note).
    const phrase = words.length > 0 ? words.map((word) => word.text).join(' ') : (this.comment ?? '');
    const name = decodeText(trimBlanks(phrase), ofBlock);
    // Comments may be anywhere, even around groups; alone they are not an address.
    if (address === null && words.length === 0) return null;
    // An empty group in brackets, which some programs write.
    if (address?.endsWith(':;')) return null;
    if (name === '' && (address === null || address === '')) return null;
    return { name, address: oneLine(textOf(address ?? '')) };
  }
}

/** The words that make up one address, since white space around dots is the obsolete form (RFC 5322 §4.4). */
function aroundDots(words: readonly Word[], index: number): [number, number] {
  let [from, to] = [index, index + 1];
  const source = (at: number) => words[at]?.source ?? '';
  while (source(to).startsWith('.') || (to > index && to < words.length && source(to - 1).endsWith('.'))) to++;
  while (from > 0 && (source(from).startsWith('.') || source(from - 1) === '.')) from--;
  return [from, to];
}

const SPECIALS = /["(<[,;: \t\r\n=]/g;

/** The end of a run of chars without special meaning, which may include an @. */
function plainEnd(value: string, at: number): number {
  SPECIALS.lastIndex = at + 1;
  return SPECIALS.test(value) ? SPECIALS.lastIndex - 1 : value.length;
}

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, quoted.length > 1 && quoted.endsWith('"') ? -1 : undefined);
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner;
}

/** The end of a domain literal (RFC 5322 §3.4.1); its colons do not start a group. */
function literalEnd(value: string, at: number): number {
  for (let i = at + 1; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === ']') return i + 1;
    if (char === ',' || char === '<' || char === ' ') return i;
  }
  return value.length;
}

/**
 * The usual form. The bound is above the longest path (RFC 5321 §4.5.3.1.3) and limits the work on other input.
 */
const SIMPLE_ANGLE = /<([^<>"(\s]{0,320})>/y;

/**
 * The address in angle brackets, without white space and comments. Another opening bracket or the end of the value
 * means that the closing one is missing.
 */
function angleAt(value: string, at: number): { closed: boolean; text: string; end: number } {
  SIMPLE_ANGLE.lastIndex = at;
  const simple = SIMPLE_ANGLE.exec(value)?.[1];
  if (simple !== undefined) return { closed: true, text: simple, end: at + simple.length + 2 };
  let text = '';
  let i = at + 1;
  while (i < value.length) {
    const char = value.charAt(i);
    if (char === '>') return { closed: true, text, end: i + 1 };
    if (char === '<') break;
    if (char === '"') {
      const end = quotedEnd(value, i) ?? value.length;
      text += value.slice(i, end);
      i = end;
    } else if (char === '(') {
      i = commentEnd(value, i) ?? value.length;
    } else {
      if (char !== ' ' && char !== '\t') text += char;
      i++;
    }
  }
  return { closed: false, text: '', end: i };
}

/** Where an address that lacks its closing bracket ends. */
function unclosedEnd(value: string, at: number): number {
  for (let i = at + 1; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === ',' || char === '<') return i;
  }
  return value.length;
}

/** `@hop,@hop:local@domain`, an obsolete source route, means `local@domain` (RFC 5322 §4.4). */
function withoutRoute(address: string): string {
  if (!address.startsWith('@')) return address;
  const colon = address.indexOf(':');
  return colon === -1 ? address : address.slice(colon + 1);
}
