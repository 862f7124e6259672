import type { Message } from '../../../client/index.ts';
import { escaped } from '../../../wire/escaped.ts';
import { textOfHtml } from '../../message/html/text.ts';
import { harmless, type Output } from './output.ts';

/** More text than anyone reads in a terminal. In chars. */
const MAX_TEXT = 200_000;

/** A mail as a person wants to see it: from, to, subject, and the text. */
export function mailText(mail: Message, out: Output): string {
  const { subject, from, to, cc, bcc, envelope, receivedAt, id, size, text, html, attachments, problem, code } = mail;
  const facts: [name: string, value: string][] = [
    ['From', from ? shown(from) : envelope.from || '<>'],
    ['To', to.map(shown).join(', ')],
    ['Cc', cc.map(shown).join(', ')],
    ['Bcc', bcc.map(shown).join(', ')],
    ['Subject', subject ?? '(no subject)'],
    ['Received', receivedAt],
    ['Id', `${id}, ${size} octets`],
    ['Code', code ?? ''],
    // The label once, and one line per warning.
    ...mail.warnings.map(({ text }, at): [string, string] => [at === 0 ? 'Warnings' : '', text]),
    ['Problem', problem ?? ''],
  ];
  const files = attachments.map(({ filename, contentType, size, inline }) => {
    return `  ${escaped(filename ?? '(no name)')}  ${escaped(contentType)}, ${size} octets${inline ? ', inline' : ''}`;
  });
  const head = facts.filter(([, value]) => value !== '');
  const width = Math.max(...head.map(([name]) => name.length));
  return [
    ...head.map(([name, value]) => `${out.paint('dim', (name && `${name}:`).padEnd(width + 1))} ${escaped(value)}`),
    '',
    harmless(text ?? (html === null ? '(no text)' : textOfHtml(html, MAX_TEXT))).trimEnd(),
    ...(files.length > 0 ? ['', out.paint('dim', 'Attachments:'), ...files] : []),
  ].join('\n');
}

const shown = ({ name, address }: { name: string; address: string }) =>
  name === '' ? address : `${name} <${address}>`;
