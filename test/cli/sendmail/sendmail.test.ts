import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, expect, test } from 'vitest';
import { needs } from '../../needs.ts';
import { aMailstop, CLI, start } from '../a-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailstop-sendmail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quietly = { code: 0, out: '', err: '' };

/** What PHP's mail() writes: sendmail_path is "sendmail -t -i", lines end in LF. */
const php = `To: Ada <ada@x.test>
Subject: Order 17
Bcc: audit@x.test
X-PHP-Originating-Script: 0:order.php
From: shop@x.test

Thank you.
.
.. for your order
`;

test('PHP: recipients from the headers, Bcc only in the envelope, a line with a dot is text', async () => {
  await using mailstop = await aMailstop();
  expect(await mailstop.run(['sendmail', '-t', '-i'], { stdin: php })).toMatchObject(quietly);
  const [mail] = await mailstop.list();
  expect(mail).toMatchObject({
    subject: 'Order 17',
    envelope: { to: ['ada@x.test', 'audit@x.test'] },
    bcc: [{ address: 'audit@x.test' }],
  });
  expect(mail?.envelope.from).toMatch(new RegExp(`^[^@]+@${hostname()}$`));
  const raw = String(await mailstop.raw(mail?.id ?? ''));
  expect(raw).not.toMatch(/audit|[^\r]\n/);
  expect(raw).toMatch(
    /^To: Ada <ada@x\.test>\r\nSubject: Order 17\r\nX-PHP-Originating-Script: 0:order\.php\r\nFrom: shop@x\.test\r\nDate: .* \+0000\r\nMessage-ID: <.+>\r\n\r\n/,
  );
  expect(raw).toMatch(/\r\n\r\nThank you\.\r\n\.\r\n\.\. for your order\r\n$/);
});

test('cron: its flags, a sender without a domain, an unused name', async () => {
  await using mailstop = await aMailstop();
  const stdin =
    'From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@vm> backup\nAuto-Submitted: auto-generated\n\ndone\n.\n';
  const args = ['sendmail', '-FCronDaemon', '-i', '-odi', '-oem', '-oi', '-t', '-f', 'root'];
  expect(await mailstop.run(args, { stdin })).toMatchObject(quietly);
  const [mail] = await mailstop.list();
  expect(mail).toMatchObject({
    from: { name: 'Cron Daemon', address: 'root' },
    envelope: { from: 'root', to: ['root'] },
  });
  expect(String(await mailstop.raw(mail?.id ?? ''))).toMatch(/done\r\n\.\r\n$/);
});

test('without -i, a line with a single dot ends the mail', async () => {
  await using mailstop = await aMailstop();
  await mailstop.run(['sendmail', '-f', '<>', 'ada@x.test'], { stdin: 'Subject: x\n\n..\n one.\n.\nnot this\n' });
  const [mail] = await mailstop.list();
  expect(mail?.envelope).toEqual({ from: '', to: ['ada@x.test'] });
  expect(String(await mailstop.raw(mail?.id ?? ''))).toMatch(/\r\n\r\n\.\.\r\n one\.\r\n$/);
});

test('a symlink named sendmail does the same; Nodemailer can call it', async () => {
  await using mailstop = await aMailstop();
  const path = join(folder, 'sendmail');
  // Nodemailer starts it with the environment of this process, so a script says where Mailstop is.
  const script = join(folder, 'sendmail.sh');
  symlinkSync(CLI, path);
  writeFileSync(script, `#!/bin/sh\nMAILSTOP_URL=${mailstop.url} exec "${process.execPath}" "${path}" "$@"\n`, {
    mode: 0o755,
  });
  const transport = createTransport({ sendmail: true, path: script, newline: 'unix' });
  await transport.sendMail({
    from: 'app@x.test',
    to: 'ada@x.test',
    bcc: 'eve@x.test',
    subject: 'Grüße',
    text: 'hi\n.\nho',
  });
  const [mail] = await mailstop.list();
  expect(mail).toMatchObject({ subject: 'Grüße', envelope: { from: 'app@x.test', to: ['ada@x.test', 'eve@x.test'] } });
  expect((await mailstop.message(mail?.id ?? '')).text).toMatch(/^hi\n\.\nho/);
});

needs('python3')('-bs: a program speaks SMTP with it', async () => {
  await using mailstop = await aMailstop();
  const script = `
import subprocess, sys
p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def reply():
    while True:
        line = p.stdout.readline().decode()
        print(line, end='')
        if line[3:4] != '-':
            return
reply()
for command in ['EHLO app', 'MAIL FROM:<app@x.test>', 'RCPT TO:<ada@x.test>', 'DATA', 'Subject: by pipe\\r\\n\\r\\n..dot\\r\\n.', 'QUIT']:
    p.stdin.write((command + '\\r\\n').encode())
    p.stdin.flush()
    reply()
p.stdin.close()
sys.exit(p.wait(20))
`;
  const { code, out } = await start('python3', ['-c', script, process.execPath, CLI, 'sendmail', '-bs'], mailstop)
    .ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^220 [\s\S]*\r\n354 [\s\S]*queued as \w+[\s\S]*\r\n221 [^\r]*\r\n$/);
  const [mail] = await mailstop.list();
  expect(String(await mailstop.raw(mail?.id ?? ''))).toBe('Subject: by pipe\r\n\r\n.dot\r\n');
});

test('-bs: it ends when the caller leaves without QUIT', async () => {
  await using mailstop = await aMailstop();
  const { code, out } = await mailstop.run(['sendmail', '-bs'], { stdin: 'EHLO app\r\n' });
  expect(code).toBe(0);
  expect(out).toMatch(/^220 [\s\S]*\r\n250 /);
});

needs('php')('PHP itself', async () => {
  await using mailstop = await aMailstop();
  const path = join(folder, 'for-php');
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" sendmail "$@"\n`, { mode: 0o755 });
  const code = 'exit(mail("ada@x.test", "from PHP", "hello", "Bcc: eve@x.test\\r\\nFrom: php@x.test") ? 0 : 1);';
  const ended = await start('php', ['-d', `sendmail_path=${path} -t -i`, '-r', code], mailstop).ended;
  expect(ended).toMatchObject(quietly);
  expect(await mailstop.list()).toMatchObject([
    { subject: 'from PHP', envelope: { to: ['ada@x.test', 'eve@x.test'] } },
  ]);
});

test.each([
  [['-i'], 64, /^sendmail: no recipients: give some, or -t/],
  [['-t'], 65, /^sendmail: no recipients: To, Cc and Bcc contain no address/],
  [['-bd'], 64, /^sendmail: -bd is not supported/],
  [['--smtp', 'here', 'ada@x.test'], 64, /--smtp must be a host and port like 127\.0\.0\.1:1025, got "here"/],
  [['--url', 'http://127.0.0.1:9', 'ada@x.test'], 69, /^sendmail: no answer from http:\/\/127\.0\.0\.1:9/],
  [['--smtp', '127.0.0.1:9', 'ada@x.test'], 69, /^sendmail: no SMTP at 127\.0\.0\.1:9: /],
])('%j ends with %i', async (args, code, err) => {
  const ended = await start(process.execPath, [CLI, 'sendmail', ...args], { stdin: 'Subject: x\n\nx\n' }).ended;
  expect(ended).toMatchObject({ code, out: '', err: expect.stringMatching(err) });
});

test('a rejection by the server is reported, and the exit code is not 0', async () => {
  await using mailstop = await aMailstop({ maxMessageSize: 1000 });
  const ended = await mailstop.run(['sendmail', 'ada@x.test'], {
    stdin: `Subject: x\n\n${'x'.repeat(70)}\n`.repeat(50),
  });
  expect(ended).toMatchObject({
    code: 69,
    out: '',
    err: expect.stringMatching(/^sendmail: SMTP at 127\.0\.0\.1:\d+ refused the mail: 552 /),
  });
});

test('-bs: lines may end in LF, as in a script', async () => {
  await using mailstop = await aMailstop();
  const lines = [
    'EHLO app',
    'MAIL FROM:<app@x.test>',
    'RCPT TO:<ada@x.test>',
    'DATA',
    'Subject: by hand',
    '',
    'x',
    '.',
  ];
  const { code, out } = await mailstop.run(['sendmail', '-bs'], { stdin: `${[...lines, 'QUIT'].join('\n')}\n` });
  expect(code).toBe(0);
  expect(out).toMatch(/queued as \w+\r\n221 [^\r]*\r\n$/);
  const [mail] = await mailstop.list();
  expect(String(await mailstop.raw(mail?.id ?? ''))).toBe('Subject: by hand\r\n\r\nx\r\n');
});

test('-bs with something other than SMTP says what it is', async () => {
  await using mailstop = await aMailstop();
  for (const [port, what] of [
    [mailstop.pop3?.port, 'a POP3 server'],
    [mailstop.http.port, 'an HTTP server'],
  ]) {
    const args = ['sendmail', '-bs', '--smtp', `127.0.0.1:${port}`];
    expect(await mailstop.run(args, { stdin: 'EHLO app\r\n' })).toMatchObject({
      code: 69,
      out: expect.stringMatching(`^421 4\\.3\\.0 what answers at 127\\.0\\.0\\.1:${port} is ${what}, not SMTP`),
    });
  }
});

test('-bs where nothing answers says so in SMTP', async () => {
  const ended = await start(process.execPath, [CLI, 'sendmail', '-bs', '--smtp', '127.0.0.1:9']).ended;
  expect(ended).toMatchObject({
    code: 69,
    out: expect.stringMatching(/^421 4\.3\.0 no SMTP at 127\.0\.0\.1:9: .*\r\n$/),
  });
});

test('the queue is empty, and there are no aliases to rebuild', async () => {
  expect(await start(process.execPath, [CLI, 'sendmail', '-bp']).ended).toMatchObject({
    code: 0,
    out: 'Mail queue is empty\n',
  });
  expect(await start(process.execPath, [CLI, 'sendmail', '-q']).ended).toMatchObject(quietly);
});
