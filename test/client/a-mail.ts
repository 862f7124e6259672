import { createApi } from '../../client/api/api.ts';
import { Mail, type Message } from '../../client/index.ts';
import type { MailSource } from '../../client/mail/mail.ts';
import { parseHtml } from '../../client/node-html.ts';
import { NO_FLAGS } from '../../wire/flags.ts';

/** An API whose every answer is the same octets. @param asked gets the path of each request */
export function attachmentsHold(octets: Uint8Array<ArrayBuffer>, asked: string[] = []) {
  return createApi('http://mail.test:8025', async (input) => {
    asked.push(new URL(String(input)).pathname);
    return new Response(octets);
  });
}

/** A mail as the API answers it. */
export function aMail(part: Partial<Message>, source: Partial<MailSource> = {}): Mail {
  return new Mail(
    { api: attachmentsHold(new Uint8Array()), parseHtml, ...source },
    {
      id: '01abcdefgh',
      seq: 7,
      receivedAt: '2026-01-02T03:04:05.000Z',
      size: 100,
      from: null,
      to: [],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: 'Reset',
      date: null,
      messageId: null,
      envelope: { from: '', to: ['ada@x.test'] },
      username: null,
      ...NO_FLAGS,
      tags: [],
      text: null,
      // A link of the HTML needs one.
      html: part.links?.some(({ source }) => source === 'html') ? '<p>Hello Ada</p>' : null,
      headers: [],
      attachments: [],
      preview: '',
      warnings: [],
      links: [],
      codes: [],
      code: null,
      images: [],
      unsubscribe: [],
      delivery: {
        mail: { address: '', parameters: {} },
        rcpt: [],
        peer: { address: '127.0.0.1', port: 1, helo: null, protocol: 'ESMTP', tls: null, username: null },
      },
      problem: null,
      ...part,
    },
  );
}
