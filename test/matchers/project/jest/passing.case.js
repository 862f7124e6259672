import { afterAll, beforeAll, test } from '@jest/globals';
import { startSandbox } from 'mailstop';
import { expect } from 'mailstop/jest';
import { createApp } from '../app.js';

/** @type {import('mailstop').Sandbox} */
let sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

test('all matchers hold', async () => {
  const mailbox = sandbox.mailbox('ada');
  await createApp(sandbox.smtp).resetPassword(mailbox.address);

  await expect(mailbox).toHaveReceived({ subject: /reset/ }, { count: 1, quiet: 50 });
  await expect(mailbox).not.toHaveReceived({ subject: /invoice/ }, { within: 50 });
  const mail = await mailbox.waitFor();
  expect(mail).toHaveLink(/reset/);
  expect(mail).not.toHaveLink(/invoice/);
  await expect(mailbox.waitFor()).resolves.toHaveLink(/reset/);
  expect(mail).toHaveAttachment('terms.csv');
  await expect(mail).toHaveAttachment({
    filename: /\.csv$/,
    contentType: 'text/csv',
    size: 15,
    content: 'id,text\n1,none\n',
  });
  await expect(mail).not.toHaveAttachment({ content: /some/ });
  expect((await mail.attachment().buffer()).length).toBe(15);
  expect(mail.$('h1')?.textContent).toBe('Hello');
  expect(mail).toMatchMailSnapshot();
  expect(mail).toMatchMailSnapshot({ name: 'without lines', mask: [/Choose.*/] });
});
