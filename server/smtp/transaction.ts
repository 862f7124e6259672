import type { EnvelopePath } from '../message/message.ts';
import type { Verb } from './parameters.ts';
import { readPathCommand } from './path.ts';
import type { Reply } from './reply.ts';
import * as replies from './reply.ts';

/** A mail transaction, from MAIL to the end of the data (RFC 5321 §3.3). */
export interface Transaction {
  readonly from: EnvelopePath;
  readonly to: EnvelopePath[];
  /** Each once, however often it was earned. */
  readonly warnings: Set<string>;
}

/** How the client introduced itself. */
export interface Greeting {
  /** As sent; null when it gave none. */
  readonly name: string | null;
  readonly warnings: readonly string[];
}

/**
 * Reads EHLO or HELO; a name that is missing or has blanks is taken with a warning.
 * @returns also a line that smtp-server takes, whatever the client calls itself, and whether it does: what it refuses
 *   changes nothing
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
  if (name === '') return { name: null, warnings: [`${verb} came without a host name.`] };
  return { name, warnings: /\s/.test(name) ? [`${verb} has blanks in its host name.`] : [] };
}

/** Reads MAIL, and starts a transaction or says why not. */
export function startTransaction(line: Buffer, greeting: Greeting, maxOctets: number): Transaction | Reply {
  const read = readPathCommand('MAIL', line);
  if (read.kind === 'refused') return read.reply;
  if (Number(read.path.parameters['SIZE'] ?? 0) > maxOctets) return replies.tooLarge(maxOctets);
  const transaction: Transaction = {
    from: read.path,
    to: [],
    warnings: new Set([...greeting.warnings, ...read.warnings]),
  };
  warnOfUtf8(transaction, 'MAIL', read.path);
  return transaction;
}

/** Reads RCPT, and adds the recipient if it can. Repeated ones are kept. */
export function addRecipient(transaction: Transaction, line: Buffer, maxRecipients: number): Reply {
  const read = readPathCommand('RCPT', line);
  if (read.kind === 'refused') return read.reply;
  if (transaction.to.length >= maxRecipients) return replies.tooManyRecipients(maxRecipients);
  transaction.to.push(read.path);
  for (const warning of read.warnings) transaction.warnings.add(warning);
  warnOfUtf8(transaction, 'RCPT', read.path);
  return replies.recipientOk;
}

function warnOfUtf8({ from, warnings }: Transaction, verb: Verb, { address }: EnvelopePath): void {
  if (/[^\x00-\x7f]/.test(address) && from.parameters['SMTPUTF8'] === undefined)
    warnings.add(`${verb} has a non-ASCII address, but MAIL did not say SMTPUTF8 (RFC 6531 §3.4).`);
}
