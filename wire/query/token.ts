import { MailstopError } from '../errors.ts';
import { similar } from '../similar.ts';
import { FIELDS, type FieldName, isField } from './fields.ts';

export type Token =
  | { readonly type: 'open' | 'close' | 'minus' | 'or'; readonly column: number }
  | {
      readonly type: 'value';
      readonly column: number;
      readonly field: FieldName | null;
      readonly form: 'bare' | 'quoted' | 'regex';
      readonly value: string;
      /** The column of the value, after the field's name. */
      readonly valueColumn: number;
    };

/** A search box is for people; anything longer is a mistake. */
const MAX_LENGTH = 4096;

const BLANK = /\s+/y;
const FIELD = /([a-z]+):/iy;
const OR = /OR(?=[\s()]|$)/y;
const MINUS = /-(?=[^\s)])/y;
/** A header's name may precede its value: `header:X-Mailer="a b"`. */
const HEADER_NAME = /[!#$%&'*+.^_`|~0-9A-Za-z-]+=/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const REGEX = /\/((?:[^/\\]|\\.)+)\//sy;
const BARE = /[^\s()]+/y;

/** @throws {MailstopError} `bad-query`, with the column (from 1) */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) {
    throw badQuery(MAX_LENGTH, `a query may have at most ${MAX_LENGTH} characters, got ${text.length}`);
  }
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const sign = (type: 'open' | 'close', column: number) => {
    tokens.push({ type, column });
    at += 1;
  };

  for (take(BLANK); at < text.length; take(BLANK)) {
    const column = at + 1;
    if (text[at] === '(') sign('open', column);
    else if (text[at] === ')') sign('close', column);
    else if (take(MINUS)) tokens.push({ type: 'minus', column });
    else if (take(OR)) tokens.push({ type: 'or', column });
    else tokens.push(value(column));
  }
  return tokens;

  function value(column: number): Token {
    const start = at;
    const word = take(FIELD)?.[1]?.toLowerCase() ?? null;
    const field = word !== null && isField(word) ? word : null;
    if (word !== null && field === null) {
      const meant = text.startsWith('//', at) ? null : misspelled(word);
      if (meant !== null) {
        const [whole = ''] = /^[^\s()"]{0,40}/.exec(text.slice(start)) ?? [];
        throw badQuery(
          column,
          `${word}: is not a field; did you mean ${meant}:? To search for it as text, write it in quotes: "${whole}"`,
        );
      }
      // `http://…` and `12:30` are ordinary words.
      at = start;
    }
    const name = field === 'header' ? (take(HEADER_NAME)?.[0] ?? '') : '';
    const token = { type: 'value', column, field, valueColumn: at + 1 } as const;
    if (text[at] === '"') {
      const quoted = take(QUOTED);
      if (!quoted) throw badQuery(at + 1, 'this quote is never closed');
      if (name === '' && quoted[1] === '')
        throw badQuery(token.valueColumn, 'these quotes are empty, so every mail would match');
      return { ...token, form: 'quoted', value: name + (quoted[1] ?? '').replaceAll(/\\(.)/gs, '$1') };
    }
    if (text[at] === '/') return { ...token, form: 'regex', value: name + expression() };
    const bare = take(BARE)?.[0] ?? '';
    if (field !== null && name + bare === '') {
      throw badQuery(at + 1, `${field}: needs a value, as in ${field}:${FIELDS[field].example}`);
    }
    return { ...token, form: 'bare', value: name + bare };
  }

  /** Whatever begins with a slash is an expression: one with a mistake in it, taken for a word, would find nothing. */
  function expression(): string {
    const start = at;
    const regex = take(REGEX)?.[1];
    const end = at;
    const rest = take(BARE)?.[0] ?? '';
    const meant = text.slice(start, Math.min(at, start + MOST_SHOWN)).replaceAll(/["\\]/g, '\\$&');
    const quotes = `to search for a text that begins with a slash, write it in quotes: "${meant}"`;
    if (regex === undefined) {
      const what = rest === '//' ? 'is empty' : 'is never closed: expected a slash at its end';
      throw badQuery(start + 1, `this regular expression ${what}; ${quotes}`);
    }
    if (rest === '') return regex.replaceAll('\\/', '/');
    const why = rest === 'i' ? ': case never matters, so leave it out' : `; ${quotes}`;
    throw badQuery(end + 1, `expected nothing after this expression, got "${rest.slice(0, MOST_SHOWN)}"${why}`);
  }
}

/** Of a faulty expression, in chars. */
const MOST_SHOWN = 40;

/** Too many unrelated words are one letter away from a shorter one. */
const SHORTEST_SLIP = 4;

/**
 * The field that a word before a colon was probably meant to be, at most one letter off; null for any other word.
 * Searched for as a word, `form:shop` would find no mail, and a test that expects none would pass.
 */
export function misspelled(word: string): FieldName | null {
  const meant = word.length < SHORTEST_SLIP ? null : similar(word, Object.keys(FIELDS), 1);
  return meant !== null && isField(meant) ? meant : null;
}

export function badQuery(column: number, reason: string): MailstopError {
  return new MailstopError('bad-query', `q, column ${column}: ${reason}`);
}
