import { expect, test } from 'mailstop/playwright';
import { createApp } from '../app.js';

test('the mail does not come', async ({ sandbox, mailbox }) => {
  await sandbox.clear();
  await createApp(sandbox.smtp).welcome(mailbox.address);
  await expect(mailbox).toHaveReceived({ subject: /reset/ }, { within: 50 });
});

test('it is no mailbox', async ({ mailbox }) => {
  // @ts-expect-error A type error, but not everybody uses TypeScript.
  await expect(mailbox.address).toHaveReceived();
});
