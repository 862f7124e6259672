// With `setupFilesAfterEnv: ['mailstop/jest']`, and Jest's own names.
import { expect, test } from '@jest/globals';
import { startSandbox } from 'mailstop';

test('the matchers are there', async () => {
  const sandbox = await startSandbox();
  const ada = sandbox.mailbox('ada');
  await sandbox.deliver({ to: ada.address, raw: 'Subject: Welcome\n\nhttps://shop.test/help\n' });
  await expect(ada).toHaveReceived({ subject: 'welcome' });
  expect(await ada.waitFor()).toHaveLink('help');
  await sandbox.close();
});
