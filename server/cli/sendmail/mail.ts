import { parseAddressList } from '../../message/headers/address-list.ts';
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

interface Field {
  /** Lower case. */
  readonly name: string;
  /** Including its line ends. One char per octet. */
  readonly text: string;
}

/**
 * Turns sendmail's input into a mail: drops Bcc and adds a missing From, Date or Message-ID. Everything else stays
 * unchanged, including line ends.
 */
export function toSubmission(
  input: Buffer,
  { from, fullName, fromHeaders, recipients }: Extract<SendmailCall, { do: 'send' }>,
  { user, host, now, unique }: Caller,
): Submission {
  const { fields, body, lineEnd } = split(input.toString('latin1'));
  const sender = from === null ? `${user}@${host}` : (addressesIn(from)[0] ?? '');
  const kept = fields.filter(({ name }) => name !== 'bcc' && name !== 'resent-bcc');
  const missing = (name: string, value: string) => {
    return fields.some((field) => field.name === name.toLowerCase()) ? '' : `${name}: ${value}${lineEnd}`;
  };
  const added = [
    missing('From', person(fullName, sender || `MAILER-DAEMON@${host}`)),
    missing('Date', now.toUTCString().replace('GMT', '+0000')),
    missing('Message-ID', `<${unique}@${host}>`),
  ];
  const head = [...kept.map(({ text }) => text), ...added].join('');
  const to = [...recipients.flatMap(addressesIn), ...(fromHeaders ? namedIn(fields) : [])];
  return { from: sender, to: [...new Set(to)], raw: Buffer.from(`${head}${lineEnd}${body}`, 'latin1') };
}

/** If there are Resent fields, the mail is resent, and only those name the recipients (RFC 5322 §3.6.6). */
function namedIn(fields: readonly Field[]): string[] {
  const of = (prefix: string) =>
    fields.filter(({ name }) => [`${prefix}to`, `${prefix}cc`, `${prefix}bcc`].includes(name));
  const resent = of('resent-');
  return (resent.length > 0 ? resent : of('')).flatMap(({ text }) =>
    addressesIn(Buffer.from(text.slice(text.indexOf(':') + 1).replaceAll(/\r?\n/g, ''), 'latin1').toString()),
  );
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

/** Splits off the header fields. Input without any is all body; an mbox separator before them is dropped. */
function split(input: string): { fields: readonly Field[]; body: string; lineEnd: string } {
  const lineEnd = /\r?\n/.exec(input)?.[0] ?? '\n';
  const fields: Field[] = [];
  let at = /^From [^\n]*\n/.exec(input)?.[0].length ?? 0;
  while (at < input.length) {
    const end = input.indexOf('\n', at) + 1 || input.length;
    const line = input.slice(at, end);
    if (line === '\n' || line === '\r\n') return { fields, body: input.slice(end), lineEnd };
    const last = fields.at(-1);
    const [, name] = /^([!-9;-~]+)[ \t]*:/.exec(line) ?? [];
    const text = line.endsWith('\n') ? line : line + lineEnd;
    if (last && /^[ \t]/.test(line)) fields[fields.length - 1] = { ...last, text: last.text + text };
    else if (name !== undefined) fields.push({ name: name.toLowerCase(), text });
    else break;
    at = end;
  }
  return { fields, body: input.slice(at), lineEnd };
}
