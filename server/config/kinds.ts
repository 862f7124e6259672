import { readFileSync } from 'node:fs';
import { MailstopError, reasonOf } from '../../wire/errors.ts';
import { millisecondsOf, octetsOf } from '../../wire/units.ts';
import { type Given, type Kind, refuse } from './flag.ts';

/** The kinds of values for flags and variables; those for network addresses are in `places.ts`. */

export const shownPlainly = (value: unknown) => (value === null ? '' : String(value));
const orOff =
  <T>(show: (value: T) => string) =>
  (value: T | null) =>
    value === null ? 'off' : show(value);
const isOff = ([, text]: Given) => text.toLowerCase() === 'off';

export function whole(min: number, max: number, { placeholder = '<n>', otherwise = '' } = {}): Kind<number> {
  return {
    placeholder,
    parse: (given) => {
      const value = /^\d{1,15}$/.test(given[1]) ? Number(given[1]) : Number.NaN;
      return value >= min && value <= max ? value : refuse(given, `a whole number from ${min} to ${max}${otherwise}`);
    },
    show: shownPlainly,
  };
}

const PORT = '<port>';
export const port = whole(0, 65_535, { placeholder: PORT });
const portElse = whole(0, 65_535, { otherwise: ' or "off"' });

/** A port, or null for a listener that is off. */
export const portOrOff: Kind<number | null> = {
  placeholder: PORT,
  parse: (given) => (isOff(given) ? null : portElse.parse(given)),
  show: orOff(String),
};

/** Octets: `1048576`, `50m`, `50MiB`, `1g`; units are powers of 1024. */
export const size: Kind<number> = {
  placeholder: '<size>',
  parse: (given) => octets(given),
  show: (octets) => (octets === null ? '' : shownOctets(octets)),
};

/** Octets, as with `size`; null for "off". */
export const sizeOrOff: Kind<number | null> = {
  placeholder: size.placeholder,
  parse: (given) => (/^(off|0)$/i.test(given[1]) ? null : octets(given, ', or "off"')),
  show: orOff(shownOctets),
};

function octets(given: Given, otherwise = ''): number {
  const value = octetsOf(given[1]) ?? 0;
  return value > 0 ? value : refuse(given, `a size like 50MiB, 512k or 1048576${otherwise}`);
}

function shownOctets(octets: number): string {
  return octets % 1024 ** 2 === 0 ? `${octets / 1024 ** 2}MiB` : String(octets);
}

const MAX_SPAN = 10 * 366 * 86_400_000;

/** Milliseconds: `30s`, `90m`, `12h`, `7d`, `2w`; null for "off". */
export const spanOrOff: Kind<number | null> = {
  placeholder: '<time>',
  parse: (given) => {
    if (isOff(given)) return null;
    const span = millisecondsOf(given[1]) ?? 0;
    return span > 0 && span <= MAX_SPAN ? span : refuse(given, 'a time like 30s, 90m, 12h, 7d or 2w, or "off"');
  },
  show: orOff(shownTime),
};

/** `500ms`, `5s`, `2m`; a plain number is milliseconds, as everywhere in the API. */
export function duration(max: number): Kind<number> {
  return {
    placeholder: '<time>',
    parse: (given) => {
      const ms = /^\d{1,9}$/.test(given[1]) ? Number(given[1]) : millisecondsOf(given[1]);
      return ms !== null && ms <= max ? ms : refuse(given, `a time like 5s, 500ms or 2m, at most ${shownTime(max)}`);
    },
    show: (ms) => (ms === null ? '' : shownTime(ms)),
  };
}

function shownTime(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Several values: a repeated flag, or one text separated by commas or line ends. */
export const several: Kind<readonly string[]> = {
  placeholder: '<name...>',
  parse: ([, text]) =>
    text
      .split(/[,\n]/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  show: (values) => (values ?? []).join(','),
};

export const yesOrNo: Kind<boolean> = {
  placeholder: '[yes|no]',
  parse: (given) => {
    if (/^(true|1|yes|on)$/i.test(given[1])) return true;
    if (/^(false|0|no|off)$/i.test(given[1])) return false;
    return refuse(given, 'yes or no');
  },
  show: (value) => (value ? 'yes' : 'no'),
};

/** On if given. */
export const toggle: Kind<boolean> = { placeholder: '', parse: () => true, show: () => '' };

export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    placeholder: `<${words.join('|')}>`,
    parse: (given) => words.find((word) => word === given[1].toLowerCase()) ?? refuse(given, words.join(' or ')),
    show: shownPlainly,
  };
}

export const file: Kind<string | null> = {
  placeholder: '<path>',
  parse: (given) => given[1] || refuse(given, 'a path'),
  show: shownPlainly,
};

/** Any text; `what` is its name in the help. */
export const text = (what: string): Kind<string> => ({
  placeholder: `<${what}>`,
  parse: ([, given]) => given,
  show: shownPlainly,
});

/**
 * Passwords by login name: one `name:password` per line or flag; `@file` reads such lines from a file. The name ends at
 * the first colon, so passwords may contain colons.
 */
export const logins: Kind<ReadonlyMap<string, string> | null> = {
  placeholder: '<name:password...>',
  parse: ([name, text]) => {
    const lines = text.split('\n').flatMap((one) => (one.startsWith('@') ? linesOf(name, one.slice(1)) : [one]));
    const found = new Map<string, string>();
    for (const line of lines) {
      const [, user, password] = /^([^:]+):(.+)$/.exec(line) ?? [];
      // Don't echo the text: a password does not belong on a screen.
      if (!user || !password)
        throw new MailstopError('bad-config', `${name} must be name:password, or @file with one of these per line`);
      found.set(user, password);
    }
    return found;
  },
  show: () => '',
};

function linesOf(name: string, path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  } catch (error) {
    throw new MailstopError('bad-config', `${name} cannot be read from ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
