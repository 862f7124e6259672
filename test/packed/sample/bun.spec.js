import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startSandbox } from 'mailstop';
import { createShop } from './app.js';

let sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ timeout: 60_000 });
});
afterAll(() => sandbox.close());

test('a password reset sends a link', async () => {
  const ada = sandbox.mailbox('ada');
  await createShop(sandbox.smtp).resetPassword(ada.address);
  const mail = await ada.waitFor({ subject: /reset/i });
  expect(mail.link()).toBe('https://shop.test/reset?token=4f9a2c');
  expect(mail.$('a')?.textContent).toBe('a new one');
});
