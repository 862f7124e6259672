import type { Message } from '../../../client/index.ts';
import { SANDBOX } from '../../http/answer/html-page.ts';
import { pictureType } from '../../http/answer/mail-bytes.ts';
import { mailPage } from '../../message/html/page.ts';
import { html, pageHead } from './page.ts';

/** A part that the HTML shows. */
export interface InlinePart {
  readonly contentId: string;
  readonly octets: Buffer;
}

/**
 * One mail as a page that opens without a server. Its HTML is embedded in the page, as the content of a sandboxed
 * frame, so nobody can open it anywhere else.
 * @param eml the file with its octets, next to the page
 */
export function mailDocument(mail: Message, eml: string, inline: readonly InlinePart[]): string {
  const subject = mail.subject || '(no subject)';
  const facts: [name: string, value: string][] = [
    ['From', mail.from ? person(mail.from) : ''],
    ['To', mail.to.map(person).join(', ')],
    ['Cc', mail.cc.map(person).join(', ')],
    ['Bcc', mail.bcc.map(person).join(', ')],
    ['Envelope', `${mail.envelope.from || '<>'} → ${mail.envelope.to.join(', ')}`],
    ['Received', mail.receivedAt],
    ['Id', mail.id],
    ['Code', mail.code ?? ''],
    ['Warnings', mail.warnings.map(({ text }) => text).join(' ')],
    ['Problem', mail.problem ?? ''],
  ];
  const rows = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<tr><th>${name}</th><td>${html(value)}</td></tr>`);
  const files = mail.attachments.map(({ filename, contentType, size }) => {
    return `<li>${html(filename ?? '(no name)')}, ${html(contentType)}, ${size} octets</li>`;
  });
  return `${pageHead(subject)}<p><a href="../index.html">All mails</a> · <a href="${html(encodeURI(eml))}" download>Source</a></p>
<h1>${html(subject)}</h1>
<table class="facts">${rows.join('')}</table>
${files.length > 0 ? `<h2>Attachments</h2>\n<ul>${files.join('')}</ul>\n` : ''}${links(mail)}${
  mail.html === null ? '' : `<h2>HTML</h2>\n${frame(mail.html, inline)}\n`
}${mail.text === null ? '' : `<h2>Text</h2>\n<pre>${html(mail.text)}</pre>\n`}</html>
`;
}

const person = ({ name, address }: { name: string; address: string }) =>
  name === '' ? address : `${name} <${address}>`;

function links({ links }: Message): string {
  const urls = [...new Set(links.map(({ url }) => url))].filter((url) => /^(https?|mailto):/i.test(url));
  const rows = urls.map(
    (url) => `<li><a href="${html(url)}" target="_blank" rel="noopener noreferrer">${html(url)}</a></li>`,
  );
  return rows.length === 0 ? '' : `<h2>Links</h2>\n<ul>${rows.join('')}</ul>\n`;
}

/** Only parts whose first octets are those of an image are embedded; a browser never shows anything else of a mail. */
function frame(source: string, inline: readonly InlinePart[]): string {
  const urls = new Map(
    inline.flatMap(({ contentId, octets }) => {
      const type = pictureType(octets);
      return type === null ? [] : [[contentId, `data:${type};base64,${octets.toString('base64')}`] as const];
    }),
  );
  const page = [...mailPage(source, { find: (contentId) => urls.get(contentId), remote: false, srcdoc: true })].join(
    '',
  );
  return `<iframe title="The HTML of the mail" sandbox="${SANDBOX}" srcdoc="${html(page)}"></iframe>`;
}
