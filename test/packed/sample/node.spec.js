import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSandbox } from 'mailstop';
import { createShop } from './app.js';

test('a password reset sends a link', async () => {
  const sandbox = await startSandbox({ timeout: 60_000 });
  after(() => sandbox.close());
  const ada = sandbox.mailbox('ada');
  await createShop(sandbox.smtp).resetPassword(ada.address);
  const mail = await ada.waitFor({ subject: /reset/i });
  assert.equal(mail.link(), 'https://shop.test/reset?token=4f9a2c');
});
