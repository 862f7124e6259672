import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import { type Given, type Kind, refuse } from '../../config/flag.ts';
import { shownPlainly, text } from '../../config/kinds.ts';
import type { Address } from '../../message/message.ts';
import { FINE, misuse, UNMET } from '../exit.ts';
import { people } from '../flags/addresses.ts';
import { json, quiet, smtp } from '../flags/common.ts';
import { jsonText } from '../output/output.ts';
import { smtpOf, submit } from '../submit.ts';
import { defineVerb } from './verb.ts';

const addresses: Kind<readonly Address[]> = {
  placeholder: '<address>',
  parse: people,
  show: (list) => (list ?? []).map(({ address }) => address).join(', '),
};

/** A text, or `@file` to read it from a file. `-` is stdin, which is read later. */
const body: Kind<string> = {
  placeholder: '<text>',
  parse: (given) => (given[1].startsWith('@') ? readGiven(given, given[1].slice(1)).toString() : given[1]),
  show: shownPlainly,
};

const file: Kind<{ readonly filename: string; readonly content: Buffer }> = {
  placeholder: '<file>',
  parse: (given) => ({ filename: basename(given[1]), content: readGiven(given, given[1]) }),
  show: () => '',
};

const header: Kind<{ readonly key: string; readonly value: string }> = {
  placeholder: '<name: value>',
  parse: (given) => {
    // A name is printable ASCII without a colon (RFC 5322 §3.6.8).
    const [, key, value] = /^([!-9;-~]+):\s*([^\r\n\0]*)$/.exec(given[1]) ?? [];
    return key === undefined || value === undefined ? refuse(given, 'a header like "X-Order: 17"') : { key, value };
  },
  show: () => '',
};

const one = { name: 'Mailstop', address: 'mailstop@example.test' };

export const send = defineVerb({
  takes: '',
  about: 'Composes a mail, sends it through the SMTP port as an app would, and prints its id.',
  flags: {
    to: { kind: addresses, fallback: [], help: 'recipient', repeats: true },
    cc: { kind: addresses, fallback: [], help: 'recipient in the Cc header', repeats: true },
    bcc: { kind: addresses, fallback: [], help: 'recipient in the envelope only', repeats: true },
    from: { kind: addresses, fallback: [one], help: 'sender' },
    subject: { kind: text('text'), fallback: '', help: 'subject', short: 's' },
    text: { kind: body, fallback: null, help: 'plain text; @file reads a file, - reads stdin' },
    html: { kind: body, fallback: null, help: 'HTML; @file reads a file, - reads stdin' },
    attach: { kind: file, fallback: null, help: 'attachment', repeats: true, short: 'a' },
    header: { kind: header, fallback: null, help: 'additional header field', repeats: true, short: 'H' },
    smtp,
    json,
    quiet,
  },
  examples: [
    'mailstop send --to ada@example.test --subject Hello --text "How are you?"',
    'mailstop send --to "Ada <ada@example.test>" --html @welcome.html --attach invoice.pdf',
    'git log -1 | mailstop send --to team@example.test --subject News --text -',
  ],
  async run(context, { to, cc, bcc, from, subject, text, html, attach, header, smtp, json, quiet }) {
    const [sender, ...more] = from;
    if (!sender || more.length > 0) misuse('--from must be one address');
    const envelope = { from: sender.address, to: [to, cc, bcc].flat(2).map(({ address }) => address) };
    if (envelope.to.length === 0) misuse('send needs a recipient: --to, --cc or --bcc');
    if (text === '-' && html === '-') misuse('stdin (-) can be --text or --html, not both');
    const read = async (given: string | null) => (given === '-' ? (await buffer(context.stdin)).toString() : given);
    const [plain, rich] = [await read(text), await read(html)];
    const place = await smtpOf(context, smtp);
    const raw = await compose({
      from: sender,
      to: to.flat(),
      cc: cc.flat(),
      subject,
      ...(plain !== null || rich === null ? { text: plain ?? '' } : {}),
      ...(rich !== null && { html: rich }),
      attachments: [...attach],
      headers: [...header],
    });
    const { id, response, rejected } = await submit(place, { ...envelope, raw });
    if (json) await context.out.line(jsonText({ id, response, envelope, rejected }));
    else if (!quiet) await context.out.line(id ?? response);
    if (rejected.length === 0) return FINE;
    await context.err.foreign(`mailstop: refused for ${rejected.join(', ')}\n`);
    return UNMET;
  },
});

async function compose(mail: object): Promise<Buffer> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({ ...mail, disableFileAccess: true, disableUrlAccess: true });
  return message as Buffer;
}

function readGiven([name]: Given, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MailstopError('bad-config', `${name} cannot be read from ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
