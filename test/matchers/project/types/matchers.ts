// Nothing here runs: it is only compiled.

import type { Mail, Mailbox, MailElement, Sandbox } from 'mailstop';
import { expect as expectOfJest } from 'mailstop/jest';
import { expect as expectOfPlaywright } from 'mailstop/playwright';
import { expect as expectOfVitest } from 'mailstop/vitest';

declare const [mail, mailbox, sandbox]: [Mail, Mailbox, Sandbox];

for (const expect of [expectOfJest, expectOfVitest]) {
  const received: Promise<void> = expect(mailbox).toHaveReceived();
  const absent: Promise<void> = expect(sandbox).not.toHaveReceived({ within: 20 });
  const asked: Promise<void> = expect(mailbox).toHaveReceived('subject:x', { count: { min: 1, max: 3 }, quiet: 20 });
  const read: Promise<void> = expect(mail).toHaveAttachment({ filename: 'a', content: /x/ });
  await Promise.all([received, absent, asked, read]);
  expect(mail).toHaveLink();
  expect(mail).not.toHaveLink(/x/);
  expect(mail).toHaveAttachment({ size: { min: 1 }, contentType: /^image/ });
  expect(mail).toMatchMailSnapshot({ name: 'x', mask: ['y', /z/] });
  await expect(mailbox.waitFor()).resolves.toHaveLink('x');
  // @ts-expect-error A number is not a query.
  await expect(mailbox).toHaveReceived(7);
  // @ts-expect-error There is no such option.
  await expect(mailbox).toHaveReceived({ subject: 'x' }, { timeout: 7 });
  // @ts-expect-error The field is called `filename`.
  expect(mail).toHaveAttachment({ name: 'x' });
  // @ts-expect-error A link is found by text or expression.
  expect(mail).toHaveLink({ url: 'x' });
}

await expectOfPlaywright(mailbox).toHaveReceived({ subject: /x/ }, { count: 1 });
await expectOfPlaywright(sandbox).not.toHaveReceived({ within: 20 });
await expectOfPlaywright(mail).toHaveAttachment({ content: 'x' });
expectOfPlaywright(mail).toHaveLink(/x/);
expectOfPlaywright.soft(mail).not.toHaveLink(/x/);
expectOfPlaywright(mail).toMatchMailSnapshot({ name: 'x' });
// @ts-expect-error A mailbox has no links.
expectOfPlaywright(mailbox).toHaveLink(/x/);
// @ts-expect-error A mail receives nothing.
await expectOfPlaywright(mail).toHaveReceived();

const element: MailElement | null = mail.$('a');
const texts: string[] = mail.$$('a').map(({ textContent }) => textContent);
console.log(element?.getAttribute('href'), texts);
