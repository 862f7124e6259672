import { parseAddressList } from '../../message/headers/address-list.ts';
import { type Field, headerBlock } from '../../message/headers/header-block.ts';
import type { Submission } from '../submit.ts';
import type { SendmailCall } from './arguments.ts';

/** Who calls sendmail, and when. */
export interface Caller {
  readonly user: string;
  readonly host: string;
  readonly now: Date;
  /** Makes the Message-ID unique. */
  readonly unique: string;
}

/** Fields that name recipients whom the others must not see (RFC 5322 §3.6.3), folded lines included. */
const BLIND = /^(?:resent-)?bcc[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*/gim;
/** What an mbox file has before each mail. */
const SEPARATOR = /^From [^\n]*\n/;

/**
 * Turns sendmail's input into a mail: drops Bcc and adds a missing From, Date or Message-ID. Everything else stays
 * unchanged, including line ends.
 */
export function toSubmission(
  input: Buffer,
  { from, fullName, fromHeaders, recipients }: Extract<SendmailCall, { do: 'send' }>,
  { user, host, now, unique }: Caller,
): Submission {
  const { fields, bodyAt } = headerBlock(input);
  const text = input.toString('latin1');
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const given = text
    .slice(0, bodyAt)
    .replace(SEPARATOR, '')
    .replaceAll(/^[\r\n]+|[\r\n]+$/g, '');
  const kept = given === '' ? '' : `${given}${lineEnd}`.replaceAll(BLIND, '');
  const sender = from === null ? `${user}@${host}` : (addressesIn(from)[0] ?? '');
  const missing = (name: string, value: string) =>
    fields.some((field) => isNamed(field, name)) ? '' : `${name}: ${value}${lineEnd}`;
  const head = [
    kept,
    missing('From', person(fullName, sender || `MAILER-DAEMON@${host}`)),
    missing('Date', now.toUTCString().replace('GMT', '+0000')),
    missing('Message-ID', `<${unique}@${host}>`),
  ].join('');
  const to = [...recipients.flatMap(addressesIn), ...(fromHeaders ? namedIn(fields) : [])];
  return {
    from: sender,
    to: [...new Set(to)],
    raw: Buffer.from(`${head}${lineEnd}${text.slice(bodyAt)}`, 'latin1'),
  };
}

/** If there are Resent fields, the mail is resent, and only those name the recipients (RFC 5322 §3.6.6). */
function namedIn(fields: readonly Field[]): string[] {
  const of = (prefix: string) =>
    fields.filter((field) => ['to', 'cc', 'bcc'].some((name) => isNamed(field, `${prefix}${name}`)));
  const resent = of('resent-');
  return (resent.length > 0 ? resent : of('')).flatMap(({ value }) =>
    addressesIn(Buffer.from(value, 'latin1').toString()),
  );
}

function isNamed(field: Field, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase();
}

/** Parses what a person would type, like `Ada <ada@x.test>, bob@x.test`. */
function addressesIn(text: string): string[] {
  const latin1 = Buffer.from(text).toString('latin1');
  return parseAddressList(latin1)
    .map(({ address }) => address)
    .filter((address) => address !== '');
}

function person(name: string | null, address: string): string {
  if (!name) return address;
  if (/[^\x20-\x7e]/.test(name)) return `=?UTF-8?B?${Buffer.from(name).toString('base64')}?= <${address}>`;
  return `${/^[\w !#$%&'*+/=?^`{|}~-]*$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`} <${address}>`;
}
