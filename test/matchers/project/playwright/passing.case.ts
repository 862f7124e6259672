import { expect, test } from 'mailstop/playwright';
import { createApp } from '../app.js';

test('all matchers hold', async ({ sandbox, mailbox }) => {
  await createApp(sandbox.smtp).resetPassword(mailbox.address);

  await expect(mailbox).toHaveReceived({ subject: /reset/ }, { count: 1, quiet: 50 });
  await expect(mailbox).not.toHaveReceived({ subject: /invoice/ }, { within: 50 });
  const mail = await mailbox.waitFor();
  expect(mail).toHaveLink(/reset/);
  expect(mail).not.toHaveLink(/invoice/);
  expect(mail).toHaveAttachment('terms.csv');
  await expect(mail).toHaveAttachment({
    filename: /\.csv$/,
    contentType: 'text/csv',
    size: 15,
    content: 'id,text\n1,none\n',
  });
  await expect(mail).not.toHaveAttachment({ content: /some/ });
  expect(mail.$('h1')?.textContent).toBe('Hello');
  expect(mail).toMatchMailSnapshot();
  expect(mail).toMatchMailSnapshot({ name: 'without lines', mask: [/Choose.*/] });
});

test('has a sandbox with the options of the configuration', async ({ sandbox }) => {
  expect((await sandbox.api.server()).limits.messages).toBe(500);
});

const seen = new Set<string>();
for (const name of ['one', 'two']) {
  test(`mailbox ${name} is its own`, async ({ mailbox }) => {
    expect(seen).not.toContain(mailbox.address);
    seen.add(mailbox.address);
    expect(mailbox.address).toMatch(new RegExp(`^mailbox-${name}-is-its-o-\\w{10}@mailstop\\.test$`));
    await expect(mailbox).not.toHaveReceived({ within: 0 });
  });
}
