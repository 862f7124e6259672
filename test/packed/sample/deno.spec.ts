/// <reference lib="deno.ns" />
import assert from 'node:assert/strict';
import { type Mail, startSandbox } from 'mailstop';
import { createShop } from './app.js';

Deno.test('a password reset sends a link', async () => {
  await using sandbox = await startSandbox({ timeout: 60_000 });
  const ada = sandbox.mailbox('ada');
  await createShop(sandbox.smtp).resetPassword(ada.address);
  const mail: Mail = await ada.waitFor({ subject: /reset/i });
  assert.equal(mail.link(), 'https://shop.test/reset?token=4f9a2c');
  // @ts-expect-error: a number is not a link
  assert.throws(() => mail.link(7), TypeError);
});
