/**
 * Playwright's `test` with a sandbox and a mailbox for each test, and its `expect` with mail matchers. If a test fails,
 * its mails are attached to its report.
 * @module
 */
import {
  test as base,
  expect as expectWithoutMail,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';
import type { Mail } from './mail/mail.ts';
import { matchers, type SnapshotOptions, snapshotOf } from './matchers/matchers.ts';
import type { MatcherContext } from './matchers/result.ts';
import { TestMails } from './playwright/mails.ts';
import { attachMails } from './playwright/report.ts';
import type { Sandbox } from './sandbox.ts';
import { mailboxName, openSandbox, type SandboxOptions } from './test-sandbox.ts';
import type { Mailbox } from './verbs.ts';

export interface MailFixtures {
  /** The test's own mailbox, with a fresh address. */
  readonly mailbox: Mailbox;
}

export interface MailWorkerFixtures {
  /** Shared by all tests of a worker. */
  readonly sandbox: Sandbox;
}

export interface MailOptions {
  /** URL of a running Mailstop; default MAILSTOP_URL. If neither is set, each worker starts its own. */
  readonly mailstopUrl: string | undefined;
  /** Options for the sandbox that a worker starts. */
  readonly sandboxOptions: SandboxOptions;
}

interface Inside {
  readonly mailReport: undefined;
}

interface WorkerInside {
  readonly testMails: TestMails;
}

const extended = base.extend<MailFixtures & Inside, MailWorkerFixtures & MailOptions & WorkerInside>({
  mailstopUrl: [process.env['MAILSTOP_URL'], { option: true, scope: 'worker' }],
  sandboxOptions: [{}, { option: true, scope: 'worker' }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures one needs.
  testMails: [async ({}, use) => use(new TestMails()), { scope: 'worker', box: true }],
  sandbox: [
    async ({ mailstopUrl, sandboxOptions, testMails }, use) => {
      const sandbox = await openSandbox(mailstopUrl, sandboxOptions);
      try {
        await use(await testMails.watch(sandbox, Boolean(mailstopUrl)));
      } finally {
        await sandbox.close();
      }
    },
    { scope: 'worker' },
  ],
  mailbox: async ({ sandbox }, use, { title }) => use(sandbox.mailbox(mailboxName(title))),
  mailReport: [
    async ({ testMails }, use, testInfo) => {
      await testMails.begin();
      await use(undefined);
      if (testInfo.status !== testInfo.expectedStatus) await attachMails(testMails, testInfo);
    },
    { auto: true, box: true },
  ],
});

/**
 * Playwright's `test` with `sandbox` and `mailbox`.
 * @example
 * test('a password reset sends a link', async ({ page, mailbox }) => {
 *   await page.getByLabel('Email').fill(mailbox.address);
 *   await page.getByRole('button', { name: 'Reset' }).click();
 *   const mail = await mailbox.waitFor({ subject: /reset/ });
 *   await page.goto(mail.link(/reset/));
 * });
 */
export const test = extended as unknown as TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & MailFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & MailWorkerFixtures & MailOptions
>;

export const expect = expectWithoutMail.extend({
  ...matchers,
  toMatchMailSnapshot(this: MatcherContext, received: Mail, options?: SnapshotOptions) {
    const plain = expectWithoutMail(snapshotOf(this, received, options));
    const testInfo = base.info();
    const { snapshotSuffix } = testInfo;
    // Images differ between operating systems, mails do not.
    testInfo.snapshotSuffix = '';
    try {
      if (options?.name === undefined) plain.toMatchSnapshot();
      else plain.toMatchSnapshot(`${options.name}.txt`);
    } finally {
      testInfo.snapshotSuffix = snapshotSuffix;
    }
    return { pass: true, message: () => '' };
  },
});
