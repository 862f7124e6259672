import { MailstopError } from '../../wire/errors.ts';

/*
 * How flags are declared and read, for the server and for each verb. With one system a value is written the same way
 * everywhere, and the same mistake gets the same message.
 */

/** The source of a value and its text: `['--smtp-port', '25x']` or `['MAILSTOP_SMTP_PORT', '25x']`. */
export type Given = readonly [name: string, text: string];

/** A kind of value: how to parse it, and how the help shows it. */
export interface Kind<T> {
  /** The placeholder in the help, like `<port>`. */
  readonly placeholder: string;
  /** @throws {MailstopError} `bad-config`, naming the flag or variable, the value and what was expected */
  parse(given: Given): T;
  /** Empty if the help should not show it. */
  show(value: T | null): string;
}

/** The names of a flag and its variable are derived from its key: `quietFor` is `--quiet-for`. */
export interface Flag<T> {
  readonly kind: Kind<T>;
  readonly fallback: T | null;
  readonly help: string;
  readonly short?: string;
  /** May be given several times; the value is then a list. */
  readonly repeats?: true;
  /** A verb's flag that also has a variable: `url` is `MAILSTOP_URL`. All server flags have one. */
  readonly variable?: true;
}

export type FlagTable = Readonly<Record<string, Flag<unknown>>>;

/** The values of a table's flags. Times are milliseconds, sizes octets. */
export type Values<F extends FlagTable> = { readonly [K in keyof F]: ValueOf<F[K]> };

type ValueOf<T> = T extends { readonly kind: Kind<infer V>; readonly fallback: infer D }
  ? T extends { readonly repeats: true }
    ? readonly V[]
    : D extends null
      ? V | null
      : V
  : never;

/** What commander parsed, by key: text, `true` for a switch, a list for a repeated flag. */
export type Found = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/**
 * Flags override the environment, which overrides the defaults.
 * @param variables which flags also have a variable
 * @throws {MailstopError} `bad-config`, naming the flag or variable, the value and what was expected
 */
export function readFlags<F extends FlagTable>(
  table: F,
  found: Found,
  env: NodeJS.ProcessEnv,
  variables: 'all' | 'marked' = 'marked',
): Values<F> {
  const values = Object.entries(table).map(([key, { kind, fallback, variable, repeats }]) => {
    const flag = found[key];
    const text = variable || variables === 'all' ? env[variableOf(key)] : undefined;
    if (Array.isArray(flag) && repeats) return [key, flag.map((one: string) => kind.parse([flagOf(key), one]))];
    if (flag !== undefined)
      return [key, kind.parse([flagOf(key), Array.isArray(flag) ? flag.join('\n') : String(flag)])];
    // In a compose file, an empty variable means "not set".
    if (text !== undefined && text !== '') return [key, kind.parse([variableOf(key), text])];
    return [key, repeats ? [] : fallback];
  });
  // The table guarantees that each value fits its key; the type of fromEntries cannot express it.
  return Object.fromEntries(values) as Values<F>;
}

/** `smtpPort` is `--smtp-port` on the command line. */
export function flagOf(key: string): string {
  return `--${dashed(key)}`;
}

/** The prefix of all variables. */
export const PREFIX = 'MAILSTOP_';

/** `smtpPort` is `MAILSTOP_SMTP_PORT` in the environment. */
export function variableOf(key: string): string {
  return `${PREFIX}${dashed(key).toUpperCase().replaceAll('-', '_')}`;
}

function dashed(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function refuse([name, text]: Given, expected: string): never {
  throw new MailstopError('bad-config', `${name} must be ${expected}, got "${text}"`);
}
