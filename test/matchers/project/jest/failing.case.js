import { afterAll, beforeAll, beforeEach, test } from '@jest/globals';
import { startSandbox } from 'mailstop';
import { expect } from 'mailstop/jest';
import { createApp } from '../app.js';

/** @type {import('mailstop').Sandbox} */
let sandbox;
/** @type {import('mailstop').Mailbox} */
let mailbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(async () => {
  await sandbox.clear();
  mailbox = sandbox.mailbox('ada');
});
afterAll(() => sandbox.close());

test('the mail does not come', async () => {
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).toHaveReceived({ subject: /reset/ }, { within: 50 });
});

test('a mail comes that should not', async () => {
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).not.toHaveReceived({ within: 5000 });
});

test('the link is another one', async () => {
  await createApp(sandbox.smtp).welcome(mailbox.address);
  expect(await mailbox.waitFor()).toHaveLink(/reset/);
});

test('the attachment is another one', async () => {
  await createApp(sandbox.smtp).resetPassword(mailbox.address);
  await expect(await mailbox.waitFor()).toHaveAttachment({ filename: 'terms.csv', content: 'id,text\n1,some\n' });
});

test('it is no mailbox', async () => {
  await expect(mailbox.address).toHaveReceived();
});
