import { createTransport } from 'nodemailer';
import { reachable } from '../net/greeting.ts';
import { SIGN } from './test-mail-sign.ts';

/**
 * Sends a mail through the SMTP port, as an app would, and resolves with its id.
 * It has everything the inbox can show: text, HTML, an inline image and an attachment with a non-ASCII name.
 * @throws nodemailer's error if the mail is rejected
 */
export async function sendTestMail(smtp: { readonly host: string; readonly port: number }): Promise<string> {
  const transport = createTransport({
    host: reachable(smtp.host),
    port: smtp.port,
    ignoreTLS: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { response } = await transport.sendMail({
    from: { name: 'Mailstop', address: 'hello@mailstop.test' },
    to: { name: 'You', address: 'developer@example.test' },
    subject: 'It works: your first mail is here',
    text: TEXT,
    html: HTML,
    attachments: [
      { filename: 'sign.png', content: SIGN, contentType: 'image/png', cid: 'sign@mailstop.test' },
      { filename: 'Grüße.txt', content: 'Attachments keep their names and their bytes.\n' },
    ],
  });
  const id = /queued as (\S+)$/.exec(response.trim())?.[1];
  if (id === undefined) throw new Error(`the SMTP port answered "${response}", without the id of the mail`);
  return id;
}

const TEXT = `It works.

This mail went through the SMTP port, like one from your app. Whatever your app sends next,
to whatever address, shows up here and goes nowhere else.
`;

const HTML = `<!doctype html>
<html lang="en">
<body style="margin:0;padding:32px 16px;background:#f4f5f7;font:16px/1.5 system-ui,sans-serif;color:#1f2430">
  <table role="presentation" align="center" width="520" style="max-width:100%;background:#fff;border-radius:12px">
    <tr><td style="padding:32px">
      <img src="cid:sign@mailstop.test" width="48" height="48" alt="">
      <h1 style="font-size:22px;margin:16px 0 8px">It works</h1>
      <p style="margin:0 0 16px">This mail went through the SMTP port, like one from your app.</p>
      <p style="margin:0">Whatever your app sends next, to whatever address, shows up here and goes nowhere else.</p>
    </td></tr>
  </table>
</body>
</html>
`;
