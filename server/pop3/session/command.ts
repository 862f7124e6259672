/** The arguments of each command, by keyword. */
interface Arguments {
  readonly USER: { readonly user: string };
  readonly PASS: { readonly password: string };
  readonly APOP: { readonly user: string; readonly digest: string };
  /** `mechanism` is null for a bare AUTH, which asks for a list; `initial` is null without an initial response. */
  readonly AUTH: { readonly mechanism: string | null; readonly initial: string | null };
  readonly CAPA: object;
  readonly STLS: object;
  readonly UTF8: object;
  readonly LANG: { readonly range: string | null };
  readonly STAT: object;
  readonly LIST: { readonly number: number | null };
  readonly UIDL: { readonly number: number | null };
  readonly RETR: { readonly number: number };
  readonly TOP: { readonly number: number; readonly lines: number };
  readonly DELE: { readonly number: number };
  readonly NOOP: object;
  readonly RSET: object;
  readonly QUIT: object;
}

export type Keyword = keyof Arguments;
export type Command<K extends Keyword = Keyword> = { [N in K]: { readonly name: N } & Arguments[N] }[K];

/** The sentence that says why something is not a command. */
export interface Misunderstood {
  readonly name: 'misunderstood';
  readonly reason: string;
}

type Parser<K extends Keyword> = (argument: string | null) => Arguments[K] | string;

/** Each returns the arguments, or says what was expected. `argument` is null if nothing follows the keyword. */
const grammar: { readonly [K in Keyword]: Parser<K> } = {
  USER: (user) => (user ? { user } : 'USER needs a name'),
  // The password is the rest of the line, spaces included (RFC 1939 §7).
  PASS: (password) => (password === null ? 'PASS needs a password' : { password }),
  APOP: (argument) => {
    const [, user, digest] = /^(.+) ([0-9a-f]{32})$/i.exec(argument ?? '') ?? [];
    return user && digest ? { user, digest: digest.toLowerCase() } : 'APOP needs a name and an MD5 digest in hex';
  },
  AUTH: (argument) => {
    const [mechanism = '', initial = null, ...more] = words(argument);
    if (more.length > 0) return 'AUTH takes a mechanism and an initial response';
    return { mechanism: mechanism.toUpperCase() || null, initial };
  },
  CAPA: nothing('CAPA'),
  STLS: nothing('STLS'),
  UTF8: nothing('UTF8'),
  LANG: (argument) => {
    const [range = null, ...more] = words(argument);
    return more.length > 0 ? 'LANG takes one language' : { range };
  },
  STAT: nothing('STAT'),
  LIST: optionalNumber('LIST'),
  UIDL: optionalNumber('UIDL'),
  RETR: oneNumber('RETR'),
  TOP: (argument) => {
    const [number, lines, ...more] = numbers(argument);
    if (number === undefined || lines === undefined || more.length > 0) return 'TOP needs a message number and a count';
    return { number, lines };
  },
  DELE: oneNumber('DELE'),
  NOOP: nothing('NOOP'),
  RSET: nothing('RSET'),
  QUIT: nothing('QUIT'),
};

/**
 * Parses a command line: a keyword in any case, and arguments after a single space (RFC 1939 §3).
 * @param line without its line end, one char per octet
 */
export function parse(line: string): Command | Misunderstood {
  if (/[\x00-\x1f\x7f]/.test(line)) return misunderstood('control characters are not allowed');
  const text = decode(line);
  if (text === null) return misunderstood('the command is not UTF-8');
  const space = text.indexOf(' ');
  const keyword = (space < 0 ? text : text.slice(0, space)).toUpperCase();
  if (keyword === 'LAST') return misunderstood('LAST is no longer part of POP3, use UIDL');
  if (!isKeyword(keyword)) return misunderstood('unknown command');
  return command(keyword, space < 0 ? null : text.slice(space + 1));
}

function command<K extends Keyword>(name: K, argument: string | null): Command | Misunderstood {
  const parsed: Arguments[Keyword] | string = grammar[name](argument);
  return typeof parsed === 'string' ? misunderstood(parsed) : ({ name, ...parsed } as Command);
}

function isKeyword(word: string): word is Keyword {
  return Object.hasOwn(grammar, word);
}

/** Names and passwords may be UTF-8, even before the UTF8 command; invalid UTF-8 is rejected (RFC 6856 §2.2). */
function decode(line: string): string | null {
  if (!/[\x80-\xff]/.test(line)) return line;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(line, 'latin1'));
  } catch {
    return null;
  }
}

function misunderstood(reason: string): Misunderstood {
  return { name: 'misunderstood', reason };
}

function nothing(name: string) {
  return (argument: string | null) => (argument?.trim() ? `${name} takes no argument` : {});
}

function oneNumber(name: string) {
  return (argument: string | null) => {
    const [number, ...more] = numbers(argument);
    return number === undefined || more.length > 0 ? `${name} needs a message number` : { number };
  };
}

function optionalNumber(name: string) {
  return (argument: string | null) => {
    if (!argument?.trim()) return { number: null };
    const [number, ...more] = numbers(argument);
    return number === undefined || more.length > 0 ? `${name} takes a message number` : { number };
  };
}

/** Empty if one of the words is not a whole number. */
function numbers(argument: string | null): readonly number[] {
  const all = words(argument);
  return all.every((word) => /^[0-9]+$/.test(word)) ? all.map(Number) : [];
}

function words(argument: string | null): readonly string[] {
  return (argument ?? '').split(' ').filter((word) => word !== '');
}
