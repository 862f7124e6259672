import { MailstopError } from '../errors.ts';
import { everything, type Query } from './query.ts';

/**
 * The query language: what people type into the search box and programs send as `q`.
 *
 *     query   = [or]
 *     or      = and *( "OR" and )
 *     and     = 1*term
 *     term    = ["-"] ( "(" or ")" / [field ":"] value )
 *     value   = word / DQUOTE *( char / "\" char ) DQUOTE
 *
 * @throws {MailstopError} `bad-query`, with the column (from 1) of what can't be read
 */
export function parseQuery(text: string): Query {
  const tokens = tokenize(text);
  if (tokens.length === 0) return everything;
  const parser = new Parser(tokens, text.length + 1);
  return parser.whole();
}

type Token =
  | { readonly type: 'open' | 'close' | 'minus' | 'or'; readonly column: number }
  | { readonly type: 'value'; readonly column: number; readonly field: string | null; readonly value: string };

const FIELD = /^([a-z]+):/i;
const BARE = /^[^\s()]+/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"/s;
/** A search box is for people; whoever sends more than this has made a mistake. */
const MAX_LENGTH = 4096;
const MAX_DEPTH = 50;

function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH)
    throw bad(MAX_LENGTH, `a query may have ${MAX_LENGTH} characters, this one has ${text.length}`);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const column = at + 1;
    const sign = rest.startsWith('(') ? 'open' : rest.startsWith(')') ? 'close' : /^-\S/.test(rest) ? 'minus' : null;
    if (sign) {
      tokens.push({ type: sign, column });
      at += 1;
      continue;
    }
    if (/^OR(?=[\s()]|$)/.test(rest)) {
      tokens.push({ type: 'or', column });
      at += 2;
      continue;
    }
    const named = FIELD.exec(rest);
    const field = named && isField(named[1]) ? named[1].toLowerCase() : null;
    const start = field === null ? 0 : field.length + 1;
    const { value, length } = readValue(rest.slice(start), column + start);
    if (field !== null && value === '')
      throw bad(column + start, `${field}: needs a value, as in ${field}:${EXAMPLES[field]}`);
    tokens.push({ type: 'value', column, field, value });
    at += start + length;
  }
  return tokens;
}

function readValue(rest: string, column: number): { value: string; length: number } {
  if (rest.startsWith('"')) {
    const quoted = QUOTED.exec(rest);
    if (!quoted) throw bad(column, 'the quote that opens here is never closed');
    return { value: (quoted[1] ?? '').replaceAll(/\\(.)/gs, '$1'), length: quoted[0].length };
  }
  const bare = BARE.exec(rest)?.[0] ?? '';
  return { value: bare, length: bare.length };
}

/** The fields, each with a value to show in an error. */
const EXAMPLES: Readonly<Record<string, string>> = {
  from: 'shop',
  to: 'ada@example.org',
  cc: 'team',
  bcc: 'audit',
  rcpt: 'ada@example.org',
  subject: 'welcome',
  user: 'worker-3',
  id: '01hzy3v9k2',
  tag: 'billing',
  filename: 'invoice.pdf',
  is: 'unread',
  has: 'attachment',
};

function isField(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(EXAMPLES, name.toLowerCase());
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Query {
    const query = this.#or();
    const left = this.#tokens[this.#at];
    if (left) throw bad(left.column, 'there is no "(" for this ")"');
    return query;
  }

  #or(): Query {
    const of = [this.#and()];
    while (this.#tokens[this.#at]?.type === 'or') {
      this.#at += 1;
      of.push(this.#and());
    }
    const [only] = of;
    return of.length === 1 && only ? only : { match: 'any', of };
  }

  #and(): Query {
    const of: Query[] = [];
    for (;;) {
      const next = this.#tokens[this.#at];
      if (!next || next.type === 'or' || next.type === 'close') break;
      of.push(this.#term());
    }
    const [only] = of;
    if (!only) throw bad(this.#tokens[this.#at]?.column ?? this.#end, 'a word, a field or "(" is expected here');
    return of.length === 1 ? only : { match: 'all', of };
  }

  #term(): Query {
    const token = this.#tokens[this.#at];
    if (!token) throw bad(this.#end, 'something to exclude is expected after "-"');
    this.#at += 1;
    switch (token.type) {
      case 'minus':
        return { match: 'not', of: this.#deeper(token.column, () => this.#term()) };
      case 'open': {
        const query = this.#deeper(token.column, () => this.#or());
        if (this.#tokens[this.#at]?.type !== 'close')
          throw bad(token.column, 'the "(" that opens here is never closed');
        this.#at += 1;
        return query;
      }
      case 'value':
        return token.field === null
          ? { match: 'text', value: token.value }
          : fieldQuery(token.field, token.value, token.column);
      default:
        throw bad(token.column, 'a word, a field or "(" is expected here');
    }
  }

  #deeper(column: number, inner: () => Query): Query {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw bad(column, `nesting may be ${MAX_DEPTH} deep`);
    const query = inner();
    this.#depth -= 1;
    return query;
  }
}

function fieldQuery(field: string, value: string, column: number): Query {
  switch (field) {
    case 'from':
    case 'to':
    case 'cc':
    case 'bcc':
    case 'rcpt':
      return { match: 'address', field, value };
    case 'subject':
    case 'user':
    case 'id':
    case 'tag':
    case 'filename':
      return { match: field, value };
    case 'is':
      if (/^(un)?read$/i.test(value)) return { match: 'read', value: value.toLowerCase() === 'read' };
      throw bad(column, `is: knows read and unread, not "${value}"`);
    case 'has':
      if (/^attachments?$/i.test(value)) return { match: 'attachment' };
      throw bad(column, `has: knows attachment, not "${value}"`);
    default:
      throw bad(column, `there is no field "${field}"`);
  }
}

function bad(column: number, reason: string): MailstopError {
  return new MailstopError('bad-query', `q, column ${column}: ${reason}`);
}
