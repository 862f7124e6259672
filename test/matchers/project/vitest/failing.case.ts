import { expect, test } from 'mailstop/vitest';
import { createApp } from '../app.js';

test('the mail does not come', async ({ sandbox, mailbox }) => {
  await sandbox.clear();
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).toHaveReceived({ subject: /reset/ }, { within: 50 });
});

test('a mail comes that should not', async ({ sandbox, mailbox }) => {
  await sandbox.clear();
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).not.toHaveReceived({ within: 5000 });
});

test('the link is another one', async ({ sandbox, mailbox }) => {
  await createApp(sandbox.smtp).welcome(mailbox.address);
  expect(await mailbox.waitFor()).toHaveLink(/reset/);
});

test('the attachment is another one', async ({ sandbox, mailbox }) => {
  await createApp(sandbox.smtp).resetPassword(mailbox.address);
  await expect(await mailbox.waitFor()).toHaveAttachment({ filename: 'terms.csv', content: 'id,text\n1,some\n' });
});

test('it is no mailbox', async ({ mailbox }) => {
  await expect(mailbox.address).toHaveReceived();
});
