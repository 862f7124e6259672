import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'mailstop/playwright';
import { createTransport } from 'nodemailer';

test('a page sends a mail, and its link is opened', async ({ page, sandbox, mailbox }) => {
  const shop = createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(`http://shop.test${req.url}`);
    const to = searchParams.get('email');
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
    if (to !== null) {
      const mailer = createTransport({ ...sandbox.smtp });
      await mailer.sendMail({ from: 'a@shop.test', to, subject: 'Your link', text: `${url}/verify/1` });
    }
    res.setHeader('content-type', 'text/html');
    res.end(pathname === '/' ? '<form><label>Email <input name="email"></label></form>' : '<h1>Verified</h1>');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));

  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await page.getByLabel('Email').fill(mailbox.address);
  await page.getByLabel('Email').press('Enter');
  await expect(mailbox).toHaveReceived({ subject: 'link' });
  await page.goto((await mailbox.waitFor()).link(/verify/));
  await expect(page.getByRole('heading')).toHaveText('Verified');
  shop.close();
});
