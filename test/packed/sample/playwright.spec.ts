import { expect, test } from 'mailstop/playwright';
import { createShop } from './app.js';

test('a password reset sends a link', async ({ sandbox, mailbox }) => {
  await createShop(sandbox.smtp).resetPassword(mailbox.address);
  await expect(mailbox).toHaveReceived({ subject: /reset/i }, { count: 1 });
  const mail = await mailbox.next();
  expect(mail).toHaveLink(/reset\?token=/);
  expect(mail).toMatchMailSnapshot();
});

test('an invoice comes with its data, and nothing else comes', async ({ sandbox, mailbox }) => {
  await createShop(sandbox.smtp).sendInvoice(mailbox.address);
  await expect(await mailbox.next()).toHaveAttachment({ filename: 'invoice.json', content: /"total":42/ });
  await expect(mailbox).not.toHaveReceived({ subject: /reset/i }, { within: 100 });
});
