// With `setupFiles: ['mailstop/vitest']`, and Vitest's own names.
import { startSandbox } from 'mailstop';
import { expect, test } from 'vitest';
import { createApp } from '../app.js';

test('the matchers are there', async () => {
  await using sandbox = await startSandbox();
  const ada = sandbox.mailbox('ada');
  await createApp(sandbox.smtp).welcome(ada.address);
  await expect(ada).toHaveReceived({ subject: 'welcome' });
  await expect(ada.waitFor()).resolves.toHaveLink('help');
});
