import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { aMailstop } from '../a-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailstop-send-'));
const file = (name: string) => join(folder, name);
writeFileSync(file('welcome.html'), '<h1>Grüß Gott</h1>');
writeFileSync(file('Größe.txt'), 'äöü');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a mail with every flag is sent through SMTP, and its id is printed', async () => {
  await using mailstop = await aMailstop();
  const { code, out, err } = await mailstop.run(
    [
      'send',
      ...[
        '--to',
        'Ada <ada@x.test>, bob@x.test',
        '--to',
        '"Doe, Eve" <eve@x.test>',
        '--cc',
        'team@x.test',
        '--bcc',
        'audit@x.test',
      ],
      ...[
        '--from',
        '"Großhandel" <shop@x.test>',
        '--subject',
        'Rechnung für März',
        '--text',
        '-',
        '--html',
        `@${file('welcome.html')}`,
      ],
      ...['--attach', file('Größe.txt'), '-a', file('welcome.html'), '--header', 'X-Order: 17', '-H', 'X-Empty:'],
    ],
    { stdin: 'Hallo Ada\n.\n' },
  );
  expect([code, err]).toEqual([0, '']);
  const mail = await mailstop.message(out.trim());
  expect(mail).toMatchObject({
    subject: 'Rechnung für März',
    from: { name: 'Großhandel', address: 'shop@x.test' },
    to: [
      { name: 'Ada', address: 'ada@x.test' },
      { name: '', address: 'bob@x.test' },
      { name: 'Doe, Eve', address: 'eve@x.test' },
    ],
    cc: [{ address: 'team@x.test' }],
    bcc: [{ address: 'audit@x.test' }],
    envelope: { from: 'shop@x.test', to: ['ada@x.test', 'bob@x.test', 'eve@x.test', 'team@x.test', 'audit@x.test'] },
    text: expect.stringMatching(/^Hallo Ada\n\.\n/),
    html: expect.stringContaining('<h1>Grüß Gott</h1>'),
    attachments: [{ filename: 'Größe.txt', size: 6 }, { filename: 'welcome.html' }],
    delivery: { peer: { protocol: 'ESMTP' } },
    warnings: [],
  });
  expect(mail.headers).toContainEqual({ name: 'X-Order', value: '17' });
  expect(mail.headers.map(({ name }) => name)).not.toContain('Bcc');
});

test('only a recipient is required', async () => {
  await using mailstop = await aMailstop();
  const { out } = await mailstop.run(['send', '--to', 'ada@x.test', '--json']);
  const { id, envelope } = JSON.parse(out);
  expect(envelope).toEqual({ from: 'mailstop@example.test', to: ['ada@x.test'] });
  expect(await mailstop.message(id)).toMatchObject({
    text: expect.stringMatching(/^\s*$/),
    html: null,
    attachments: [],
  });
  expect(await mailstop.run(['send', '--to', 'root', '--quiet'])).toMatchObject({ code: 0, out: '', err: '' });
});

test.each([
  [[], /needs a recipient/],
  [['--to', 'x@y.z>\r\nRCPT TO:<evil@x'], /--to must be addresses like/],
  [['--to', 'Ada <x@y.z\r\n>'], /--to must be addresses like/],
  [['--to', 'ada@x.test', '--bcc', 'b@x.test c@x.test'], /--bcc must be addresses like .* got "b@x\.test c@x\.test"/],
  [['--to', ''], /--to must be an address/],
  [['--to', 'ada@x.test', '--from', 'a@x.test,b@x.test'], /--from must be one address/],
  [
    ['--to', 'ada@x.test', '--attach', 'nowhere.pdf'],
    /--attach cannot be read from nowhere\.pdf: no such file or folder \(ENOENT/,
  ],
  [['--to', 'ada@x.test', '--html', '@nowhere.html'], /--html cannot be read from nowhere\.html/],
  [['--to', 'ada@x.test', '--header', 'X-Order 17'], /--header must be a header like "X-Order: 17", got "X-Order 17"/],
  [['--to', 'ada@x.test', '--header', 'X: 1\r\nBcc: eve@x.test'], /--header must be a header/],
  [['--to', 'ada@x.test', '--text', '-', '--html', '-'], /not both/],
  [['ada@x.test'], /too many arguments for 'send'/],
])('%j is a usage error: exit code 2, and nothing is sent', async (args, err) => {
  await using mailstop = await aMailstop();
  expect(await mailstop.run(['send', ...args])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(err) });
  expect(await mailstop.list()).toEqual([]);
});

test('the exit code is 1 if the mail is rejected, and 3 if nothing answers', async () => {
  await using mailstop = await aMailstop({ maxMessageSize: 200 });
  const refused = await mailstop.run(['send', '--to', 'ada@x.test', '--text', 'x'.repeat(500)]);
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^mailstop: SMTP at .* refused the mail: 552 /),
  });
  const gone = await mailstop.run(['send', '--to', 'ada@x.test', '--smtp', '127.0.0.1:9']);
  expect(gone).toMatchObject({ code: 3, err: expect.stringMatching(/^mailstop: no SMTP at 127\.0\.0\.1:9: /) });
});

test('if something other than SMTP answers, it says what that is', async () => {
  await using mailstop = await aMailstop();
  const { http, pop3 } = mailstop.about;
  const to = (port: number | undefined) => mailstop.run(['send', '--to', 'ada@x.test', '--smtp', `127.0.0.1:${port}`]);
  const [web, mailbox] = await Promise.all([to(http?.port), to(pop3?.port)]);
  const hint = '--smtp and MAILSTOP_SMTP take the SMTP port, 1025 by default.';
  expect(web).toMatchObject({
    code: 3,
    err: `mailstop: what answers at 127.0.0.1:${http?.port} is an HTTP server, not SMTP\n${hint}\n`,
  });
  expect(mailbox).toMatchObject({
    code: 3,
    err: `mailstop: what answers at 127.0.0.1:${pop3?.port} is a POP3 server, not SMTP\n${hint}\n`,
  });
}, 30_000);
