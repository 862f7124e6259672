import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WARNING_CODES } from '../wire/warning.ts';
import { aSandbox } from './a-sandbox.ts';
import { SmtpClient } from './bench/smtp-client.ts';
import { ask } from './http/a-server.ts';
import { needs } from './needs.ts';

const codesOf = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }) =>
  warnings.map(({ code }) => code);

test('a faulty mail has warnings in REST, feed and search; a clean one has none', async () => {
  await using sandbox = await aSandbox();
  const feed = new WebSocket(`${sandbox.url.replace('http', 'ws')}/api/feed`);
  const changed = new Promise<unknown>((resolve) => {
    feed.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.type === 'updated' && frame.change.warnings?.length > 0) resolve(frame.change.warnings);
    });
  });
  await new Promise((resolve) => feed.once('open', resolve));

  const transport = createTransport({ host: '127.0.0.1', port: sandbox.smtp.port });
  await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', subject: 'clean', text: 'Grüße\n' });
  await using client = await SmtpClient.open(sandbox.smtp.port);
  await client.hello();
  await client.deliver(Buffer.from('From: a@x.test\r\nSubject: bad\rBcc: evil@x.test\r\n\r\nline\nfeed\r\n.\r\n'), [
    'root',
  ]);

  expect((await sandbox.list('has:warning')).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^bad/)]);
  expect((await sandbox.list('-has:warning')).map(({ subject }) => subject)).toEqual(['clean']);
  const expected = ['no-domain', 'missing-field', 'missing-field', 'injected-field', 'bare-cr', 'bare-lf'];
  const [newest] = await sandbox.list();
  expect(codesOf(await sandbox.message(newest?.id ?? ''))).toEqual(expected);
  const [bad, clean] = await sandbox.list();
  expect([bad && codesOf(bad), clean && codesOf(clean)]).toEqual([expected, []]);
  expect((await sandbox.message(clean?.id ?? '')).warnings).toEqual([]);
  expect(await changed).toEqual(bad?.warnings);
  feed.terminate();
});

needs('python3')(
  "mail from Python's smtplib: 8-bit text is declared on request, and sendmail does not change line ends",
  async () => {
    await using sandbox = await aSandbox();
    const script = `
import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
def mail(subject, text):
    message = EmailMessage()
    message['From'], message['To'], message['Subject'] = 'a@x.test', 'b@x.test', subject
    message['Date'], message['Message-ID'] = formatdate(), make_msgid()
    message.set_content(text)
    return message
with smtplib.SMTP('127.0.0.1', ${sandbox.smtp.port}) as smtp:
    smtp.send_message(mail('ASCII', 'Hello\\n'))
    smtp.send_message(mail('declared', 'Grüße\\n'), mail_options=['BODY=8BITMIME'])
    smtp.send_message(mail('undeclared', 'Grüße\\n'))
    smtp.sendmail('a@x.test', ['b@x.test'], bytes(mail('octets', 'Grüße\\n')))
`;
    await promisify(execFile)('python3', ['-c', script]);
    const found: Record<string, string[]> = {};
    for (const { id, subject } of await sandbox.list()) found[subject ?? ''] = codesOf(await sandbox.message(id));
    expect(found).toEqual({
      ASCII: [],
      declared: [],
      // Encoded as 8bit, which no version of smtplib declares by default.
      undeclared: ['8bitmime-not-declared'],
      octets: ['bare-lf', 'bare-lf', '8bitmime-not-declared'],
    });
  },
);

test('mail added over HTTP has warnings, too', async () => {
  await using sandbox = await aSandbox();
  const { json } = await ask(sandbox.http.port, 'POST', '/api/messages', {
    headers: { 'Content-Type': 'message/rfc822' },
    body: 'Subject: x\r\n\r\n',
  });
  expect(codesOf(await sandbox.message(json.id))).toEqual(['missing-field', 'missing-field', 'missing-field']);
});

test('docs/warnings.md explains every code', () => {
  const page = readFileSync(new URL('../docs/warnings.md', import.meta.url), 'utf8');
  const explained = Array.from(page.matchAll(/^\| `([a-z0-9-]+)` \|/gm), ([, code]) => code);
  expect(explained).toEqual(WARNING_CODES);
});
