import { readFileSync } from 'node:fs';
import { MailstopError, reasonOf } from '../../wire/errors.ts';

/** Where a value came from and what it says: `['--smtp-port', '25x']` or `['MAILSTOP_SMTP_PORT', '25x']`. */
export type Given = readonly [name: string, text: string];

/** A sort of value: how it is read, and how the help writes it. */
export interface Kind<T> {
  /** The placeholder in the help, like `<port>`. */
  readonly placeholder: string;
  /** @throws {MailstopError} `bad-config`, naming the setting, the value and what was expected */
  parse(given: Given): T;
  show(value: T): string;
}

/** One setting of the command line and the environment. Its flag and its variable are made from its key. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly fallback: T;
  readonly help: string;
}

/** `smtpPort` is `--smtp-port` on the command line. */
export function flagOf(key: string): string {
  return `--${dashed(key)}`;
}

/** How all variables begin. */
export const PREFIX = 'MAILSTOP_';

/** `smtpPort` is `MAILSTOP_SMTP_PORT` in the environment. */
export function variableOf(key: string): string {
  return `${PREFIX}${dashed(key).toUpperCase().replaceAll('-', '_')}`;
}

function dashed(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const host: Kind<string> = {
  placeholder: '<address>',
  parse: (given) => (/^[^\s/]+$/.test(given[1]) ? given[1] : refuse(given, 'an IP address or a host name')),
  show: String,
};

export const port: Kind<number> = {
  placeholder: '<port>',
  parse: (given) => wholeNumber(given, 0, 65535),
  show: String,
};

/** A port, or null for a listener that is not wanted. */
export const portOrOff: Kind<number | null> = {
  placeholder: '<port>',
  parse: (given) => (given[1].toLowerCase() === 'off' ? null : wholeNumber(given, 0, 65535, ' or "off"')),
  show: (value) => String(value ?? 'off'),
};

export const amount: Kind<number> = {
  placeholder: '<n>',
  parse: (given) => wholeNumber(given, 1, 1_000_000_000),
  show: String,
};

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Octets: `1048576`, `50m`, `50MiB`, `1g`; a unit is a power of 1024. */
export const size: Kind<number> = {
  placeholder: '<size>',
  parse: (given) => octets(given),
  show: (octets) => (octets % 1024 ** 2 === 0 ? `${octets / 1024 ** 2}MiB` : String(octets)),
};

const SPANS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const MAX_SPAN = 10 * 366 * 86_400_000;

/** Milliseconds: `30s`, `90m`, `12h`, `7d`, `2w`; null for "off". */
export const spanOrOff: Kind<number | null> = {
  placeholder: '<time>',
  parse: (given) => {
    if (given[1].toLowerCase() === 'off') return null;
    const [, digits, unit = ''] = /^(\d{1,9})([smhdw])$/i.exec(given[1]) ?? [];
    const span = Number(digits) * (SPANS[unit.toLowerCase()] ?? 0);
    return span > 0 && span <= MAX_SPAN ? span : refuse(given, 'a time like 30s, 90m, 12h, 7d or 2w, or "off"');
  },
  show: (span) => (span === null ? 'off' : `${span / 1000}s`),
};

/** Octets, as with `size`; null for "off". */
export const sizeOrOff: Kind<number | null> = {
  placeholder: size.placeholder,
  parse: (given) => (/^(off|0)$/i.test(given[1]) ? null : octets(given, ', or "off"')),
  show: (octets) => (octets === null ? 'off' : size.show(octets)),
};

/** Several values: the flag given several times, or one text with commas or line ends. */
export const several: Kind<readonly string[]> = {
  placeholder: '<name...>',
  parse: ([, text]) =>
    text
      .split(/[,\n]/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  show: (values) => values.join(','),
};

/** Names that a Host header may have; `*.example.org` means all below it. */
export const hostNames: Kind<readonly string[]> = {
  placeholder: several.placeholder,
  parse: ([name, text]) => {
    const given = several.parse([name, text]);
    const wrong = given.find((one) => !/^(?:\*\.)?[\w-]+(?:\.[\w-]+)*$/.test(one));
    return wrong === undefined
      ? given
      : refuse([name, wrong], 'a host name like mail.test or *.mail.test, without scheme, port and path');
  },
  show: several.show,
};

/** Origins as browsers send them: scheme, host and port. */
export const origins: Kind<readonly string[]> = {
  placeholder: '<origin...>',
  parse: ([name, text]) => {
    const given = several.parse([name, text]);
    for (const one of given) {
      const origin = URL.canParse(one) ? new URL(one).origin : '';
      // `URL` knows no origin for other schemes, such as that of a browser extension.
      const own = origin === 'null' && /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/.test(one);
      if (origin !== one && !own) refuse([name, one], 'an origin like https://app.test:3000, without a path');
    }
    return given;
  },
  show: several.show,
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

export function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return {
    placeholder: `<${values.join('|')}>`,
    parse: (given) => values.find((value) => value === given[1].toLowerCase()) ?? refuse(given, values.join(' or ')),
    show: String,
  };
}

export const file: Kind<string | null> = {
  placeholder: '<path>',
  parse: (given) => given[1] || refuse(given, 'a path'),
  show: (name) => name ?? '',
};

/**
 * Passwords by login name, one `name:password` to a line or flag; `@file` reads such lines from a file. The name
 * ends at the first colon, so that a password may have some.
 */
export const logins: Kind<ReadonlyMap<string, string> | null> = {
  placeholder: '<name:password...>',
  parse: ([name, text]) => {
    const lines = text.split('\n').flatMap((one) => (one.startsWith('@') ? linesOf(name, one.slice(1)) : [one]));
    const found = new Map<string, string>();
    for (const line of lines) {
      const [, user, password] = /^([^:]+):(.+)$/.exec(line) ?? [];
      // The text is not repeated: a password does not belong on a screen.
      if (!user || !password)
        throw new MailstopError('bad-config', `${name} must be name:password or @file with such lines`);
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

function octets(given: Given, otherwise = ''): number {
  const [, digits, unit] = /^(\d{1,12})\s*(?:([kmg])(?:i?b)?)?$/i.exec(given[1]) ?? [];
  const value = Number(digits) * (UNITS[unit?.toLowerCase() ?? ''] ?? 1);
  return value > 0 ? value : refuse(given, `a size like 50MiB, 512k or 1048576${otherwise}`);
}

function wholeNumber(given: Given, min: number, max: number, otherwise = ''): number {
  const value = /^\d{1,10}$/.test(given[1]) ? Number(given[1]) : Number.NaN;
  if (value >= min && value <= max) return value;
  return refuse(given, `a whole number from ${min} to ${max}${otherwise}`);
}

export function refuse([name, text]: Given, expected: string): never {
  throw new MailstopError('bad-config', `${name} must be ${expected}, got "${text}"`);
}
