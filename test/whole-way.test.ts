import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { aSandbox } from './a-sandbox.ts';
import { ask } from './http/a-server.ts';
import { needs } from './needs.ts';

const run = promisify(execFile);
const idIn = (reply: string) => /queued as (\S+)/.exec(reply)?.[1] ?? '';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('Nodemailer: composed, sent, and read back octet for octet', async () => {
  await using sandbox = await aSandbox();
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message: composed, envelope } = await composer.sendMail({
    from: '"Müller, Jörg" <joerg@müller.test>',
    to: ['Ada <ada@example.test>', 'bob@example.test'],
    cc: 'team@example.test',
    bcc: 'audit@example.test',
    subject: 'Ihre Bestellung № 7 — danke!',
    text: 'Text with ünïcödé.\n.\n.. dots\n',
    html: '<h1>Danke</h1><img src="cid:logo@shop">',
    attachments: [
      { filename: 'logo.png', content: PNG, cid: 'logo@shop' },
      { filename: 'Größe & Preis.txt', content: 'äöü' },
    ],
  });
  const raw = composed as unknown as Buffer;
  const smtp = createTransport({
    host: '127.0.0.1',
    port: sandbox.smtp.port,
    auth: { user: 'worker-3', pass: 'secret' },
  });
  const { response } = await smtp.sendMail({ raw, envelope });
  const id = idIn(response);

  expect(await sandbox.raw(id)).toEqual(raw);
  const message = await sandbox.message(id);
  expect(message).toMatchObject({
    subject: 'Ihre Bestellung № 7 — danke!',
    from: { name: 'Müller, Jörg' },
    to: [{ name: 'Ada', address: 'ada@example.test' }, { address: 'bob@example.test' }],
    cc: [{ address: 'team@example.test' }],
    bcc: [{ address: 'audit@example.test' }],
    username: 'worker-3',
    text: expect.stringContaining('Text with ünïcödé.\n.\n.. dots'),
    html: expect.stringContaining('<h1>Danke</h1>'),
    problem: null,
  });
  expect(JSON.stringify(message)).not.toContain('secret');
  expect(message.attachments.map(({ filename, inline }) => [filename, inline])).toEqual([
    ['logo.png', true],
    ['Größe & Preis.txt', false],
  ]);
  const inline = await sandbox.get(`/api/messages/${id}/attachments/0`);
  expect([inline.headers['content-type'], inline.bytes.equals(PNG)]).toEqual(['image/png', true]);
  expect((await sandbox.get(`/api/messages/${id}/attachments/1`)).text).toBe('äöü');
  expect((await sandbox.get(`/api/messages/${id}/html`)).text).toContain(`src="/api/messages/${id}/attachments/0"`);
  expect((await sandbox.list('"größe & preis"')).map((found) => found.id)).toEqual([id]);
});

describe('Python', () => {
  needs('python3')('smtplib: mails of seven kinds, each read back octet for octet and decoded', async () => {
    await using sandbox = await aSandbox();
    const script = fileURLToPath(new URL('./clients/send-mails.py', import.meta.url));
    const { stdout } = await run('python3', [script, '127.0.0.1', String(sandbox.smtp.port)], {
      maxBuffer: 100 * 1024 ** 2,
    });
    const sent: Record<string, { reply: string; raw: string }> = JSON.parse(stdout);
    for (const [kind, { reply, raw }] of Object.entries(sent)) {
      expect([kind, (await sandbox.raw(idIn(reply))).equals(Buffer.from(raw, 'base64'))]).toEqual([kind, true]);
    }
    const message = (kind: string) => sandbox.message(idIn(sent[kind]?.reply ?? ''));
    expect(await message('multipart')).toMatchObject({
      subject: 'Rechnung für März ✓',
      from: { name: 'Großhandel', address: 'shop@example.test' },
      text: expect.stringContaining('Grüße aus Köln.\n.\n..zwei Punkte'),
      html: expect.stringContaining('<b>Köln</b>'),
      attachments: [
        { filename: 'logo.png', inline: true, contentId: 'logo@example.test' },
        { filename: 'Übersicht März.pdf', contentType: 'application/pdf', size: 11, inline: false },
        { filename: '数据.csv', contentType: 'text/csv', inline: false },
      ],
    });
    expect(await message('japanese')).toMatchObject({
      subject: '日本語の件名',
      text: expect.stringContaining('こんにちは、世界。'),
    });
    expect(await message('quoted_printable')).toMatchObject({ text: expect.stringContaining('é'.repeat(200)) });
    expect(await message('base64_text')).toMatchObject({ text: expect.stringContaining('ünïcödé\nünïcödé') });
    expect(await message('eight_bit')).toMatchObject({ text: expect.stringContaining('Grüße') });
    expect(await message('bare')).toMatchObject({
      subject: null,
      from: null,
      envelope: { from: 'shop@example.test', to: ['ada@example.test'] },
    });
    const large = await message('large');
    expect(large.attachments).toMatchObject([{ filename: 'big.bin', size: 20 * 1024 ** 2 }]);
    const { bytes } = await sandbox.get(`/api/messages/${large.id}/attachments/0`);
    expect([bytes.length, bytes[0], bytes[bytes.length - 1]]).toEqual([20 * 1024 ** 2, 0, 255]);
    expect((await sandbox.list('köln')).map(({ subject }) => subject)).toEqual(['Rechnung für März ✓']);
  });
});

needs('curl')('curl: a file sent over SMTP and one added over REST are read back octet for octet', async () => {
  await using sandbox = await aSandbox();
  const folder = await mkdtemp(join(tmpdir(), 'mailstop-'));
  try {
    const raw = Buffer.from(
      'From: a@x.test\r\nTo: b@x.test\r\nSubject: curl\r\n\r\n.dot\r\n..two\r\n8-bit \xfc\r\n',
      'latin1',
    );
    const file = join(folder, 'mail.eml');
    await writeFile(file, raw);
    const smtp = `smtp://127.0.0.1:${sandbox.smtp.port}`;
    await run('curl', ['-sS', smtp, '--mail-from', 'a@x.test', '--mail-rcpt', 'b@x.test', '-T', file]);
    const [first] = await sandbox.list();
    expect(await sandbox.raw(first?.id ?? '')).toEqual(raw);
    const { stdout } = await run('curl', [
      '-sS',
      `${sandbox.url}/api/messages`,
      '-H',
      'Content-Type: message/rfc822',
      '--data-binary',
      `@${file}`,
    ]);
    expect(await sandbox.raw(JSON.parse(stdout).id)).toEqual(raw);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('after the 250, the mail can be read everywhere at once', async () => {
  await using sandbox = await aSandbox();
  const transport = createTransport({ host: '127.0.0.1', port: sandbox.smtp.port, pool: true, maxConnections: 8 });
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const { response } = await transport.sendMail({
        from: 'a@x.test',
        to: `user-${i}@x.test`,
        subject: `mail ${i}`,
        text: `the word is needle${i}x`,
      });
      const id = idIn(response);
      expect((await sandbox.message(id)).subject).toBe(`mail ${i}`);
      expect((await sandbox.list(`needle${i}x`)).map((found) => found.id)).toEqual([id]);
      expect((await sandbox.list(`rcpt:user-${i}@x.test`)).map((found) => found.id)).toEqual([id]);
    }),
  );
  transport.close();
});

test('the feed sends a mail, then its preview, without a request', async () => {
  await using sandbox = await aSandbox();
  const feed = new WebSocket(`${sandbox.url.replace('http', 'ws')}/api/feed`);
  const frames: { type: string; change?: object; message?: { subject: string } }[] = [];
  const enough = new Promise<void>((resolve) => {
    feed.on('message', (data) => {
      frames.push(JSON.parse(String(data)));
      if (frames.at(-1)?.type === 'hello') void ask(sandbox.http.port, 'POST', '/api/test-mail');
      if (frames.at(-1)?.type === 'updated') resolve();
    });
  });
  await enough;
  feed.terminate();
  expect(frames).toMatchObject([
    { type: 'hello' },
    { type: 'added', message: { subject: 'It works: your first mail is here', preview: null } },
    {
      type: 'updated',
      change: {
        preview: expect.stringMatching(/^It works/),
        attachments: [{ filename: 'sign.png', inline: true }, { filename: 'Grüße.txt' }],
      },
    },
  ]);
});

test('a mail over the limit is refused with 552, a store that cannot take it says 452, and neither leaves a trace', async () => {
  await using sandbox = await aSandbox({ maxMessageSize: 3000, maxBytes: 1000 });
  const transport = createTransport({ host: '127.0.0.1', port: sandbox.smtp.port });
  const send = (size: number) =>
    transport.sendMail({
      envelope: { from: 'a@x.test', to: 'b@x.test' },
      raw: `Subject: x\r\n\r\n${'x'.repeat(size)}\r\n`,
    });
  await expect(send(4000)).rejects.toMatchObject({ responseCode: 552 });
  await expect(send(2000)).rejects.toMatchObject({ responseCode: 452 });
  expect(await sandbox.list()).toEqual([]);
  await send(500);
  expect(await sandbox.list()).toHaveLength(1);
});

test('a report on missing mail names a mail that SMTP rejected', async () => {
  await using sandbox = await aSandbox({ maxMessageSize: 3000 });
  const expectation = JSON.stringify({ q: 'to:ada@x.test', within: 1000 });
  const asked = ask(sandbox.http.port, 'POST', '/api/expect', {
    headers: { 'content-type': 'application/json' },
    body: expectation,
  });
  const transport = createTransport({ host: '127.0.0.1', port: sandbox.smtp.port });
  const raw = `Subject: x\r\n\r\n${'x'.repeat(4000)}\r\n`;
  await expect(transport.sendMail({ envelope: { from: 'a@x.test', to: 'ada@x.test' }, raw })).rejects.toThrow('552');
  const { status, json } = await asked;
  expect([status, json.reason]).toEqual([
    417,
    expect.stringMatching(/SMTP refused recently \(1\):\n.* DATA {2}-> 552 5\.3\.4/),
  ]);
});

test('POP3 opens mail from SMTP; what it deletes is gone everywhere', async () => {
  await using sandbox = await aSandbox();
  const transport = createTransport({ host: '127.0.0.1', port: sandbox.smtp.port });
  await transport.sendMail({ from: 'a@x.test', to: 'ada@x.test', subject: 'over POP3', text: 'hi' });
  expect(sandbox.pop3?.port).toBeGreaterThan(0);
  const [mail] = await sandbox.list();
  const { play } = await import('./net/play.ts');
  await play(
    sandbox.pop3?.port ?? 0,
    `
    S: +OK *
    C: USER ada@x.test
    S: +OK *
    C: PASS whatever
    S: +OK *
    C: UIDL 1
    S: +OK 1 ${mail?.id}
    C: DELE 1
    S: +OK *
    C: QUIT
    S: +OK *
  `,
  );
  expect(await sandbox.list()).toEqual([]);
});

test('a client that has the certificate trusts the server', async () => {
  await using sandbox = await aSandbox({ tls: 'auto' });
  const { text: ca } = await sandbox.get('/api/certificate');
  const transport = createTransport({ host: 'localhost', port: sandbox.smtp.port, requireTLS: true, tls: { ca } });
  await transport.sendMail({ from: 'a@x.test', to: 'ada@x.test', subject: 'over TLS', text: 'hi' });
  const [mail] = await sandbox.list();
  expect((await sandbox.message(mail?.id ?? '')).delivery.peer).toMatchObject({
    protocol: 'ESMTPS',
    tls: { protocol: 'TLSv1.3' },
  });
  await using plain = await aSandbox();
  expect((await plain.get('/api/certificate')).json).toMatchObject({
    status: 404,
    detail: expect.stringMatching(/TLS is off/),
  });
});

test('a sandbox that cannot start leaves nothing behind', async () => {
  await using first = await aSandbox();
  const { port } = first.http;
  for (let i = 0; i < 3; i++)
    await expect(aSandbox({ httpPort: port })).rejects.toMatchObject({ code: 'cannot-listen' });
  const free = await aSandbox();
  const { smtp } = free;
  await free[Symbol.asyncDispose]();
  await using again = await aSandbox({ smtpPort: smtp.port });
  expect(again.smtp.port).toBe(smtp.port);
});
