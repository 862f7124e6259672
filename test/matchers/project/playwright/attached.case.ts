import { expect, test } from 'mailstop/playwright';
import { createApp } from '../app.js';

test('mails of a test that passes', async ({ sandbox, mailbox }) => {
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).toHaveReceived();
});

test('mails of a test that fails', async ({ sandbox, mailbox }) => {
  const bob = sandbox.mailbox('bob');
  await createApp(sandbox.smtp).resetPassword(mailbox.address);
  await createApp(sandbox.smtp).welcome(bob.address);
  await createApp(sandbox.smtp).welcome('admin@shop.test');
  expect((await mailbox.waitFor()).subject).toBe('Something else');
});

test('a test without mail that fails', async ({ mailbox }) => {
  expect(mailbox.address).toBe('');
});

test('a test whose Mailstop goes away', async ({ sandbox, mailbox }) => {
  await sandbox.close();
  expect(mailbox.address).toBe('');
});

test('a test that is expected to fail, and does', async ({ sandbox, mailbox }) => {
  test.fail();
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).not.toHaveReceived();
});
