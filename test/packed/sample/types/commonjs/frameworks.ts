import type { Mail, Mailbox } from 'mailstop';
import { expect as jests } from 'mailstop/jest';
import { expect as playwrights, test as playwrightTest } from 'mailstop/playwright';

export async function matchers(mail: Mail, mailbox: Mailbox) {
  jests(mail).toHaveLink(/reset/);
  await jests(mailbox).toHaveReceived({ subject: /reset/ }, { count: 1 });
  // @ts-expect-error: a number is not a link
  jests(mail).toHaveLink(7);
  playwrights(mail).toHaveLink(/reset/);
  await playwrights(mailbox).toHaveReceived({ subject: /reset/ }, { count: 1 });
  // @ts-expect-error: a number is not a link
  playwrights(mail).toHaveLink(7);
}

playwrightTest('fixtures', async ({ mailbox }) => matchers(await mailbox.next(), mailbox));
