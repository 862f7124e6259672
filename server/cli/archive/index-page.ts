import type { Message } from '../../../client/index.ts';
import { html, pageHead } from './page.ts';

/** The page that lists an export, in three parts, so that it can be written while the mails arrive. */
export function indexHead(about: string): string {
  return `${pageHead('Mail')}<h1>${html(about)}</h1>
<table>
<thead><tr><th class="time">Received</th><th class="address">From</th><th class="address">To</th><th>Subject</th></tr></thead>
<tbody>
`;
}

/** @param file the mail's file, without extension */
export function indexRow({ receivedAt, from, envelope, subject }: Message, file: string): string {
  const sender = from?.name || from?.address || envelope.from || '<>';
  const link = `<a href="${html(encodeURI(file))}.html">${html(subject || '(no subject)')}</a>`;
  const time = receivedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  return `<tr><td>${time}</td><td>${html(sender)}</td><td>${html(envelope.to.join(', '))}</td><td>${link}</td></tr>\n`;
}

export function indexFoot(mails: number): string {
  return `</tbody>
</table>
<footer>${mails === 0 ? 'No mail.' : `${mails} ${mails === 1 ? 'mail' : 'mails'}.`} The octets of each are in the folder mails; mailstop import puts them into a Mailstop again.</footer>
</html>
`;
}
