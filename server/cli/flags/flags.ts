import { MailstopError } from '../../../wire/errors.ts';
import { flagOf, type Kind, refuse, type Setting, variableOf } from '../../config/settings.ts';

/** A flag of a verb. Its name is made from its key: `quietFor` is `--quiet-for`. */
export interface Flag<T> extends Setting<T> {
  readonly short?: string;
  /** May be given several times; then its value is a list. */
  readonly repeats?: true;
  /** Has a variable in the environment, too: `url` is `MAILSTOP_URL`. */
  readonly variable?: true;
}

export type FlagTable = Readonly<Record<string, Flag<unknown>>>;

/** The values of a table's flags. Durations are milliseconds. */
export type Values<F extends FlagTable> = { readonly [K in keyof F]: ValueOf<F[K]> };

type ValueOf<T> = T extends { readonly kind: Kind<infer V>; readonly fallback: infer D }
  ? T extends { readonly repeats: true }
    ? readonly V[]
    : V | D
  : never;

/** What commander found, by key: text, `true` for a switch, a list for what may be given several times. */
export type Found = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/**
 * Flags win over the environment, the environment over the defaults.
 * @throws {MailstopError} `bad-config`, naming the flag or variable, the value and what was expected
 */
export function readFlags<F extends FlagTable>(table: F, found: Found, env: NodeJS.ProcessEnv): Values<F> {
  const values = Object.entries(table).map(([key, { kind, fallback, variable, repeats }]) => {
    const flag = found[key];
    const text = variable ? env[variableOf(key)] : undefined;
    if (Array.isArray(flag)) return [key, flag.map((one: string) => kind.parse([flagOf(key), one]))];
    if (flag !== undefined) return [key, kind.parse([flagOf(key), String(flag)])];
    if (text !== undefined && text !== '') return [key, kind.parse([variableOf(key), text])];
    return [key, repeats ? [] : fallback];
  });
  // That each value fits its key is known by the table; fromEntries can't say it.
  return Object.fromEntries(values) as Values<F>;
}

/** On when it is given. */
export const toggle: Kind<boolean> = { placeholder: '', parse: () => true, show: () => '' };

/** Any text; `what` is how the help calls it. */
export const text = (what: string): Kind<string> => ({
  placeholder: `<${what}>`,
  parse: ([, given]) => given,
  show: String,
});

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Kind<T> {
  return {
    placeholder: `<${words.join('|')}>`,
    parse: (given) => words.find((word) => word === given[1]) ?? refuse(given, words.join(' or ')),
    show: String,
  };
}

export function whole(min: number, max: number): Kind<number> {
  return {
    placeholder: '<n>',
    parse: (given) => {
      const value = /^\d{1,15}$/.test(given[1]) ? Number(given[1]) : Number.NaN;
      return value >= min && value <= max ? value : refuse(given, `a whole number from ${min} to ${max}`);
    },
    show: String,
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000 };

/** `500ms`, `5s`, `2m`; a plain number is milliseconds, as everywhere in the API. */
export function duration(max: number): Kind<number> {
  return {
    placeholder: '<time>',
    parse: (given) => {
      const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(given[1]) ?? [];
      const ms = Math.round(Number(digits) * (UNITS[unit] ?? 1));
      return ms <= max ? ms : refuse(given, `a time like 5s, 500ms or 2m, at most ${shownTime(max)}`);
    },
    show: shownTime,
  };
}

function shownTime(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Where Mailstop's inbox and REST API are. */
export const inboxUrl: Kind<URL> = {
  placeholder: '<url>',
  parse: (given) => {
    const url = URL.canParse(given[1]) ? new URL(given[1]) : null;
    if (url && /^https?:$/.test(url.protocol)) return withoutLogin(given[0], url);
    return refuse(given, 'a URL like http://127.0.0.1:8025');
  },
  show: ({ origin }) => origin,
};

/** `fetch` refuses a URL with a login in it. It is not repeated: a password does not belong on a screen. */
function withoutLogin(name: string, url: URL): URL {
  if (url.username === '' && url.password === '') return url;
  throw new MailstopError('bad-config', `${name} must be a URL without username and password: Mailstop asks for none`);
}

/** A host and a port: `127.0.0.1:1025`, `[::1]:1025`. */
export const place: Kind<{ readonly host: string; readonly port: number } | null> = {
  placeholder: '<host:port>',
  parse: (given) => {
    const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s/:@[\]]+)):(\d{1,5})$/.exec(given[1]) ?? [];
    const [host, port] = [bracketed ?? plain, Number(digits)];
    return host !== undefined && port > 0 && port < 65_536
      ? { host, port }
      : refuse(given, 'a host and port like 127.0.0.1:1025');
  },
  show: (at) => (at === null ? '' : `${at.host}:${at.port}`),
};

/** Flags that every verb has. */
export const common = {
  url: { kind: inboxUrl, fallback: new URL('http://127.0.0.1:8025'), help: 'URL of the inbox', variable: true },
} as const;

export const json = { kind: toggle, fallback: false, help: 'print JSON' } as const;
export const quiet = { kind: toggle, fallback: false, help: 'print errors only', short: 'q' } as const;
/** For what goes through SMTP. */
export const smtp = {
  kind: place,
  fallback: null,
  help: 'SMTP server, if not the one that Mailstop reports',
  variable: true,
} as const;
