import { escaped } from './escaped.ts';

/*
 * What a stricter server or a mail program would object to. A warning never changes how a mail is handled.
 */

/**
 * Every warning and what it is about: the addresses of MAIL and RCPT, the header block, the body, or the SMTP session
 * that delivered the mail.
 */
const PLACES = {
  'address-syntax': 'envelope',
  'address-too-long': 'envelope',
  'address-charset': 'envelope',
  'no-domain': 'envelope',
  'source-route': 'envelope',
  'unknown-parameter': 'envelope',
  'smtputf8-not-declared': 'envelope',
  '8bitmime-not-declared': 'envelope',
  'wrong-size': 'envelope',
  'missing-field': 'header',
  'repeated-field': 'header',
  'bad-date': 'header',
  'bcc-field': 'header',
  'not-a-field': 'header',
  'injected-field': 'header',
  '8bit-header': 'header',
  'bare-cr': 'body',
  'bare-lf': 'body',
  nul: 'body',
  'long-line': 'body',
  '8bit-not-declared': 'body',
  'dot-not-doubled': 'body',
  'helo-name': 'session',
  'recipient-refused': 'session',
  'auth-in-transaction': 'session',
  'too-many-warnings': 'session',
  /** From a mail stored before warnings had codes. */
  other: 'session',
} as const;

export type WarningCode = keyof typeof PLACES;
export type WarningPlace = (typeof PLACES)[WarningCode];

export const WARNING_CODES = Object.keys(PLACES) as [WarningCode, ...WarningCode[]];
export const WARNING_PLACES = ['envelope', 'header', 'body', 'session'] as const satisfies readonly WarningPlace[];

export interface Warning {
  readonly code: WarningCode;
  /** A sentence for the developer of the app that sent the mail. One line, without control characters. */
  readonly text: string;
  readonly where: WarningPlace;
}

export const NO_WARNINGS: readonly Warning[] = Object.freeze([]);

/** The most warnings kept per place, and per session. */
export const MAX_WARNINGS = 50;

/** Longest warning text, in characters. It may quote a client or a mail. */
const MAX_TEXT = 400;

export function warning(code: WarningCode, text: string, where: WarningPlace = PLACES[code]): Warning {
  const line = escaped(text);
  return {
    code,
    text: line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '')}…` : line,
    where,
  };
}
