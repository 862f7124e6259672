// Of a project without "type": "module": Playwright makes CommonJS of it.
import { connect } from 'mailstop/client';
import { expect, test } from 'mailstop/playwright';

test('from CommonJS', async ({ sandbox, mailbox }) => {
  expect(typeof require).toBe('function');
  const other = await connect(sandbox.http.url);
  await other.deliver({ to: mailbox.address, raw: 'Subject: hello\n\n' });
  await expect(mailbox).toHaveReceived({ subject: 'hello' });
});
