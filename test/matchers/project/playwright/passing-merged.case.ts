import { mergeExpects, mergeTests, expect as plainExpect, test as plainTest } from '@playwright/test';
import { expect as mailExpect, test as mailTest } from 'mailstop/playwright';

const test = mergeTests(mailTest, plainTest.extend<{ user: string }>({ user: 'Ada' }));
const expect = mergeExpects(
  mailExpect,
  plainExpect.extend({ toBeAda: (name: string) => ({ pass: name === 'Ada', message: () => `${name} is not Ada` }) }),
);

test('goes with fixtures and matchers of others', async ({ sandbox, mailbox, user }) => {
  await sandbox.deliver({ to: mailbox.address, raw: `Subject: Hello ${user}\n\n` });
  await expect(mailbox).toHaveReceived({ subject: user });
  expect(user).toBeAda();
});
