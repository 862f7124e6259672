import { decodeText } from '../headers/encoded-word.ts';
import { trimBlanks } from '../headers/header-block.ts';
import { commentEnd, quotedEnd } from '../headers/lexical.ts';
import { decodeCharset, guessText, isDamaged, textOf } from './charset.ts';

/** A field value with parameters, like Content-Type (RFC 2045 §5.1). */
export interface Parametrized {
  /** What comes before the first parameter, without comments, in lower case. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** True when there were too many parameters: the rest is missing. */
  readonly cut: boolean;
  /** True when a parameter lacks a piece: the pieces after it are missing too. */
  readonly torn: boolean;
}

export interface Parameter {
  /** Decoded: RFC 2231, and the encoded words that Outlook puts there. */
  readonly text: string;
  /** As in the mail, one char per octet, with only quotes and percent signs resolved: for boundaries. */
  readonly octets: string;
}

/** Most parameters read, and most pieces of one (RFC 2231 §3). */
const MAX_PARAMETERS = 1000;

/**
 * Parses a value with one char per octet. Linear in its length; never throws.
 * @param damaged called for each parameter with octets that are invalid in its charset
 */
export function parseParameters(value: string, damaged?: () => void): Parametrized {
  const [first = [], ...rest] = sections(value);
  const pieces = new Map<string, Piece[]>();
  for (const section of rest.slice(0, MAX_PARAMETERS)) {
    const piece = pieceOf(section);
    if (piece === null) continue;
    const known = pieces.get(piece.name);
    if (known) known.push(piece);
    else pieces.set(piece.name, [piece]);
  }
  let torn = false;
  const tear = () => {
    torn = true;
  };
  const parameters = new Map([...pieces].map(([name, all]) => [name, joined(all, tear, damaged)]));
  const [main = ''] = trimBlanks(withoutComments(first)).split(/[ \t]/, 1);
  return { value: main.toLowerCase(), parameters, cut: rest.length > MAX_PARAMETERS, torn };
}

/** A run of a section: text, a quoted string or a comment, each as in the value. */
interface Run {
  readonly kind: 'text' | 'quoted' | 'comment';
  readonly source: string;
}

/** Splits at semicolons, except those in quoted strings and comments. */
function sections(value: string): Run[][] {
  const all: Run[][] = [[]];
  const add = (kind: Run['kind'], from: number, to: number) => {
    if (to > from) all.at(-1)?.push({ kind, source: value.slice(from, to) });
  };
  let text = 0;
  // Once a quote or a comment is unclosed, so are all after it: treat them as ordinary chars.
  const unclosed = { '"': false, '(': false };
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === ';') {
      add('text', text, at);
      all.push([]);
      text = at + 1;
    } else if ((char === '"' || char === '(') && !unclosed[char]) {
      const end = char === '"' ? quotedEnd(value, at) : commentEnd(value, at);
      if (end === null) {
        unclosed[char] = true;
        continue;
      }
      add('text', text, at);
      add(char === '"' ? 'quoted' : 'comment', at, end);
      text = end;
      at = end - 1;
    }
  }
  add('text', text, value.length);
  return all;
}

function withoutComments(runs: readonly Run[]): string {
  return runs.map(({ kind, source }) => (kind === 'comment' ? ' ' : source)).join('');
}

/** A parameter, or one of its pieces (RFC 2231 §3). */
interface Piece {
  readonly name: string;
  /** Null when the name has no number. */
  readonly number: number | null;
  /** Whether the value is percent-encoded, with a charset in front (RFC 2231 §4). */
  readonly extended: boolean;
  /** One char per octet, unquoted. */
  readonly value: string;
}

const NAME = /^([^*]+)(?:\*(\d{1,9}))?(\*)?$/;

function pieceOf(section: readonly Run[]): Piece | null {
  const index = section.findIndex(({ kind, source }) => kind === 'text' && source.includes('='));
  const run = section[index];
  if (!run) return null;
  const equals = run.source.indexOf('=');
  const before = [...section.slice(0, index), { kind: 'text' as const, source: run.source.slice(0, equals) }];
  const after = [{ kind: 'text' as const, source: run.source.slice(equals + 1) }, ...section.slice(index + 1)];
  const [, name, number, star] = NAME.exec(trimBlanks(withoutComments(before)).toLowerCase()) ?? [];
  if (name === undefined) return null;
  return {
    name: trimBlanks(name),
    number: number === undefined ? null : Number(number),
    extended: star !== undefined,
    value: textOfValue(after),
  };
}

/**
 * A quoted string, or a value that lacks the quotes it needs: `name=my file (1) final.pdf`. A comment counts as one
 * only if nothing follows it.
 */
function textOfValue(runs: readonly Run[]): string {
  const isEmpty = ({ kind, source }: Run) => kind === 'comment' || trimBlanks(source) === '';
  const from = runs.findIndex((run) => !isEmpty(run));
  const first = runs[from];
  if (!first) return '';
  if (first.kind === 'quoted') return first.source.slice(1, -1).replace(/\\(.)/gs, '$1');
  const to = runs.findLastIndex((run) => !isEmpty(run)) + 1;
  const text = trimBlanks(
    runs
      .slice(from, to)
      .map(({ source }) => source)
      .join(''),
  );
  return text.startsWith('"') ? text.slice(1) : text;
}

/**
 * Joins the pieces of one parameter. An encoded form wins over a plain one; otherwise the first counts.
 * @param torn called when pieces are dropped because an earlier one is missing
 */
function joined(pieces: readonly Piece[], torn: () => void, damaged?: () => void): Parameter {
  const whole = pieces.find(({ number, extended }) => number === null && extended);
  if (whole) return extendedValue([whole], damaged);
  const numbered = inOrder(pieces, torn);
  if (numbered.some(({ extended }) => extended)) return extendedValue(numbered, damaged);
  const plain = numbered.length > 0 ? numbered : pieces.slice(0, 1);
  const octets = plain.map(({ value }) => value).join('');
  return { octets, text: decodeText(octets, undefined, damaged) };
}

/** The pieces 0, 1, 2 ... up to the first missing one, given in any order. */
function inOrder(pieces: readonly Piece[], torn: () => void): Piece[] {
  const byNumber = new Map<number, Piece>();
  for (const piece of pieces) {
    if (piece.number !== null && !byNumber.has(piece.number)) byNumber.set(piece.number, piece);
  }
  const ordered: Piece[] = [];
  for (let piece = byNumber.get(0); piece; piece = byNumber.get(ordered.length)) ordered.push(piece);
  if (ordered.length < byNumber.size) torn();
  return ordered;
}

/** `charset'language'value`. The octets are joined before they are decoded: a character may be cut in two. */
function extendedValue(pieces: readonly Piece[], damaged?: () => void): Parameter {
  const [first] = pieces;
  const [, charset = '', text] = /^([^']*)'[^']*'(.*)$/s.exec(first?.extended ? first.value : '') ?? [];
  const octets = pieces
    .map((piece, index) => {
      const value = index === 0 && text !== undefined ? text : piece.value;
      return piece.extended ? percentDecoded(value) : value;
    })
    .join('');
  if (charset === '') return { octets, text: textOf(octets) };
  const bytes = Buffer.from(octets, 'latin1');
  const decoded = decodeCharset(bytes, charset);
  if (damaged && decoded !== null && isDamaged(bytes, charset, decoded)) damaged();
  return { octets, text: decoded ?? guessText(bytes) };
}

function percentDecoded(value: string): string {
  return value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
