import { type FaultOf, fieldQuery } from './field.ts';
import { everything, type Query } from './query.ts';
import { badQuery, type Token, tokenize } from './token.ts';

/**
 * Parses the query language: what people type into the search box and programs send as `q`.
 *
 *     query   = [any]
 *     any     = all *( "OR" all )
 *     all     = 1*term
 *     term    = ["-"] ( "(" any ")" / [field ":"] value )
 *     value   = word / DQUOTE *( char / "\" char ) DQUOTE / "/" regex "/"
 *
 * @param faultOf why an expression can't be used; if omitted, expressions are not checked, because that is slow
 * @throws {MailstopError} `bad-query`, with the column (from 1) of the error
 */
export function parseQuery(text: string, faultOf: FaultOf = () => null): Query {
  const tokens = tokenize(text);
  return tokens.length === 0 ? everything : new Parser(tokens, text.length + 1, faultOf).whole();
}

const MAX_DEPTH = 50;

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #faultOf: FaultOf;
  #at = 0;
  #depth = 0;

  /** @param end the column after the text */
  constructor(tokens: readonly Token[], end: number, faultOf: FaultOf) {
    this.#tokens = tokens;
    this.#end = end;
    this.#faultOf = faultOf;
  }

  whole(): Query {
    const query = this.#any();
    const left = this.#tokens[this.#at];
    if (left) throw badQuery(left.column, 'this ")" has no matching "("');
    return query;
  }

  #any(): Query {
    const of = [this.#all()];
    while (this.#tokens[this.#at]?.type === 'or') {
      this.#at += 1;
      of.push(this.#all());
    }
    return joined('any', of);
  }

  #all(): Query {
    const of: Query[] = [];
    for (
      let next = this.#tokens[this.#at];
      next && next.type !== 'or' && next.type !== 'close';
      next = this.#tokens[this.#at]
    ) {
      of.push(this.#term(next));
    }
    if (of.length > 0) return joined('all', of);
    throw badQuery(this.#tokens[this.#at]?.column ?? this.#end, 'expected a word, a field or "(" here');
  }

  #term(token: Token): Query {
    this.#at += 1;
    switch (token.type) {
      case 'minus':
        return { match: 'not', of: this.#deeper(token.column, () => this.#negated()) };
      case 'open': {
        const query = this.#deeper(token.column, () => this.#any());
        if (this.#tokens[this.#at]?.type !== 'close') throw badQuery(token.column, 'this "(" is never closed');
        this.#at += 1;
        return query;
      }
      case 'value':
        return fieldQuery(token, this.#faultOf);
      default:
        throw badQuery(token.column, 'expected a word, a field or "(" here');
    }
  }

  #negated(): Query {
    const token = this.#tokens[this.#at];
    if (!token) throw badQuery(this.#end, 'expected something to exclude after "-"');
    return this.#term(token);
  }

  #deeper(column: number, inner: () => Query): Query {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw badQuery(column, `queries may be nested at most ${MAX_DEPTH} deep`);
    const query = inner();
    this.#depth -= 1;
    return query;
  }
}

function joined(match: 'all' | 'any', of: readonly Query[]): Query {
  const [only] = of;
  return of.length === 1 && only ? only : { match, of };
}
