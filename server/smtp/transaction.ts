import { MAX_WARNINGS, NO_WARNINGS, type Warning, warning } from '../../wire/warning.ts';
import type { EnvelopePath } from '../message/message.ts';
import type { Verb } from './parameters.ts';
import { readPathCommand } from './path.ts';
import type { Reply } from './reply.ts';
import * as replies from './reply.ts';

/** A mail transaction, from MAIL to the end of the data (RFC 5321 §3.3). */
export interface Transaction {
  readonly from: EnvelopePath;
  readonly to: EnvelopePath[];
  /** Keyed by text, so that each is kept once. */
  readonly warnings: Map<string, Warning>;
}

export function addWarning({ warnings }: Pick<Transaction, 'warnings'>, added: Warning): void {
  // One more than the limit, to know that there are more.
  if (warnings.size <= MAX_WARNINGS) warnings.set(added.text, added);
}

const TOO_MANY_WARNINGS = warning(
  'too-many-warnings',
  `The session gave more than ${MAX_WARNINGS} warnings; the rest are not listed.`,
);

/** The warnings for a mail. If there are too many, the last one says so. */
export function warningsOf({ warnings }: Transaction): readonly Warning[] {
  if (warnings.size === 0) return NO_WARNINGS;
  const all = [...warnings.values()];
  return all.length > MAX_WARNINGS ? [...all.slice(0, MAX_WARNINGS - 1), TOO_MANY_WARNINGS] : all;
}

export const AUTH_IN_TRANSACTION = warning(
  'auth-in-transaction',
  'AUTH came after MAIL; other servers answer 503 (RFC 4954 §4).',
);
export const DOT_NOT_DOUBLED = warning(
  'dot-not-doubled',
  'A line begins with a dot that was not doubled; other servers remove it (RFC 5321 §4.5.2).',
);

/** How many rejected recipients are named. */
const MOST_REFUSALS = 20;
const MORE_REFUSALS = warning(
  'recipient-refused',
  `More than ${MOST_REFUSALS} recipients were refused in this session; the rest are not listed.`,
);

/** Records a rejected recipient, for a warning in the next mail. */
export function addRefusal(refused: Warning[], command: string, { code, text }: Reply): void {
  if (refused.length > MOST_REFUSALS) return;
  const named = warning('recipient-refused', `${command} was refused in this session: ${code} ${text}.`);
  refused.push(refused.length < MOST_REFUSALS ? named : MORE_REFUSALS);
}

/** How the client introduced itself. */
export interface Greeting {
  /** As sent; null if missing. */
  readonly name: string | null;
  readonly warnings: readonly Warning[];
}

/**
 * Reads EHLO or HELO; a missing name, or one with spaces, is accepted with a warning.
 * @returns also a line that smtp-server accepts, whatever name the client gives, and whether it accepts the command:
 *   one that it rejects changes nothing
 */
export function readGreeting(verb: 'EHLO' | 'HELO', command: Buffer) {
  const name = command.toString().slice(verb.length).trim();
  const takeable = name === '' ? 'unknown' : name.replace(/ +/g, '-');
  return {
    greeting: greetingOf(verb, name),
    line: Buffer.from(`${verb} ${takeable}`),
    acceptable: takeable.length <= 300 && !/[\x00-\x1f\x7f-\x9f]/.test(takeable),
  };
}

function greetingOf(verb: string, name: string): Greeting {
  if (name === '') return { name: null, warnings: [warning('helo-name', `${verb} came without a host name.`)] };
  const spaced = /\s/.test(name);
  return { name, warnings: spaced ? [warning('helo-name', `${verb} has white space in its host name.`)] : NO_WARNINGS };
}

/** Reads MAIL, and starts a transaction or says why not. */
export function startTransaction(line: Buffer, greeting: Greeting, maxOctets: number): Transaction | Reply {
  const read = readPathCommand('MAIL', line);
  if (read.kind === 'refused') return read.reply;
  if (Number(read.path.parameters['SIZE'] ?? 0) > maxOctets) return replies.tooLarge(maxOctets);
  const transaction: Transaction = {
    from: read.path,
    to: [],
    warnings: new Map(),
  };
  for (const one of [...greeting.warnings, ...read.warnings]) addWarning(transaction, one);
  warnOfUtf8(transaction, 'MAIL', read.path);
  return transaction;
}

/** Reads RCPT, and adds the recipient if possible. Repeated recipients are kept. */
export function addRecipient(transaction: Transaction, line: Buffer, maxRecipients: number): Reply {
  const read = readPathCommand('RCPT', line);
  if (read.kind === 'refused') return read.reply;
  if (transaction.to.length >= maxRecipients) return replies.tooManyRecipients(maxRecipients);
  transaction.to.push(read.path);
  for (const one of read.warnings) addWarning(transaction, one);
  warnOfUtf8(transaction, 'RCPT', read.path);
  return replies.recipientOk;
}

function warnOfUtf8(transaction: Transaction, verb: Verb, { address }: EnvelopePath): void {
  if (!/[^\x00-\x7f]/.test(address) || transaction.from.parameters['SMTPUTF8'] !== undefined) return;
  const text = `${verb} has a non-ASCII address, but MAIL did not say SMTPUTF8 (RFC 6531 §3.4).`;
  addWarning(transaction, warning('smtputf8-not-declared', text));
}

/** Many clients measure the mail before they add its last CRLF. In octets. */
const LAST_LINE_END = 2;

/** Warns if the declared size is too small, or over twice the actual size (RFC 1870 §5 allows an estimate). */
export function warnOfSize(transaction: Transaction, actual: number): void {
  const declared = transaction.from.parameters['SIZE'];
  if (declared === undefined) return;
  const size = Number(declared);
  if (actual <= size + LAST_LINE_END && size <= 2 * actual + 1024) return;
  const text = `MAIL said SIZE=${size}, but the mail has ${actual} octets (RFC 1870 §6.3).`;
  addWarning(transaction, warning('wrong-size', text));
}
