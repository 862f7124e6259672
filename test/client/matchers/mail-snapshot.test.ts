import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { mailSnapshot } from '../../../client/matchers/mail-snapshot.ts';
import { snapshotOf } from '../../../client/matchers/matchers.ts';
import { startSandbox } from '../../../server/index.ts';
import { aMail } from '../a-mail.ts';

const random = () => crypto.randomUUID();
const code = () =>
  String(crypto.getRandomValues(new Uint32Array(1))[0])
    .padStart(10, '1')
    .slice(-6);

test('a mail that is sent again has the same snapshot, although ids, dates and codes differ', async () => {
  await using sandbox = await startSandbox({ timeout: 60_000 });
  const send = async () => {
    const ada = sandbox.mailbox('ada');
    const [token, number] = [random(), code()];
    await createTransport({ ...sandbox.smtp }).sendMail({
      from: 'Shop <shop@example.test>',
      to: ada.address,
      bcc: 'archive@example.test',
      subject: 'Reset your password',
      headers: { 'X-Entity-Ref-ID': random(), 'List-ID': 'Shop <news.shop.test>' },
      text: `Hello ${ada.address},\n\nhttps://shop.test/reset?token=${token}\nYour verification code is ${number}.\n`,
      html: `<p>Sent ${new Date().toISOString()}</p><a href="https://shop.test/r/${token}?lang=en">Reset</a><img src="cid:${token}">`,
      attachments: [
        { filename: 'terms.txt', content: 'terms' },
        { filename: 'logo.png', content: 'png', cid: token, contentDisposition: 'inline' },
      ],
    });
    return ada.waitFor();
  };
  const [first, second] = [await send(), await send()];
  expect(first.text).not.toBe(second.text);
  expect(mailSnapshot(second)).toBe(mailSnapshot(first));
  expect(mailSnapshot(first)).toMatchInlineSnapshot(`
    "Envelope: shop@example.test -> ada-<random>@mailstop.test, archive@example.test

    X-Entity-Ref-ID: <id>
    List-ID: Shop <news.shop.test>
    From: Shop <shop@example.test>
    To: ada-<random>@mailstop.test
    Subject: Reset your password
    Message-ID: <id>
    Date: <date>
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=<boundary>

    --- text ---
    Hello ada-<random>@mailstop.test,

    https://shop.test/reset?token=<token>
    Your verification code is <code>.

    --- html ---
    <p>Sent <date></p><a href="https://shop.test/r/<token>?lang=en">Reset</a><img src="cid:<part-1>">

    --- attachments ---
    logo.png  image/png, inline
    terms.txt  text/plain"
  `);
});

test('a nearly empty mail has a snapshot, too', () => {
  expect(mailSnapshot(aMail({ envelope: { from: '', to: [] } }))).toMatchInlineSnapshot(`"Envelope: <> ->"`);
});

test('trace fields, ids and boundaries are masked', () => {
  const headers = [
    { name: 'Received', value: 'from a by b; Fri, 2 Jan 2026 03:04:05 +0000' },
    { name: 'References', value: '<1@x.test> <2@x.test>' },
    { name: 'Content-Type', value: 'multipart/mixed; boundary=--_x-1; charset=utf-8' },
  ];
  expect(mailSnapshot(aMail({ headers })).split('\n').slice(2)).toEqual([
    'Received: <trace>',
    'References: <id>',
    'Content-Type: multipart/mixed; boundary=<boundary>; charset=utf-8',
  ]);
});

test('more can be masked, everywhere', () => {
  const mail = aMail({ headers: [{ name: 'Subject', value: 'Order A-17' }], text: 'A-17', html: '<b>A-17</b>' });
  expect(mailSnapshot(mail, { mask: [/A-\d+/] })).not.toContain('A-17');
});

test('the matcher rejects .not, and anything that is not a mail', () => {
  expect(() => snapshotOf({ isNot: true }, aMail({}))).toThrow(/with .not, any other mail would pass. Please say what/);
  expect(() => snapshotOf({}, 'hello' as never)).toThrow(
    /"hello" is not a mail. Please give expect\(\) what mailbox.waitFor/,
  );
});
