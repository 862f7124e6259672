/**
 * Mail matchers for Vitest, and a `test` with its own mailbox. Importing this module, or listing it in `setupFiles`,
 * adds the matchers to Vitest's `expect`.
 * @module
 */
import { expect, Snapshots, test as withoutMail } from 'vitest';
import { type MailMatchers, matchers, snapshotOf } from './matchers/matchers.ts';
import { loadServer, mailboxName, openSandbox } from './test-sandbox.ts';

declare module 'vitest' {
  interface Matchers<T> extends MailMatchers<void> {}
}

const url = process.env['MAILSTOP_URL'];
// Load it now, not on the first test's time: a wait must end before its test does, so that its report is seen.
if (!url) await loadServer();

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received, options) {
    return Snapshots.toMatchSnapshot.call(this, snapshotOf(this, received, options), options?.name);
  },
});

/**
 * Vitest's `test` with `sandbox`, shared by all tests of a worker, and `mailbox`, with a fresh address for each test.
 * The sandbox is the one at MAILSTOP_URL if that is set, and otherwise runs in the test's process.
 * @example
 * test('a password reset sends a link', async ({ sandbox, mailbox }) => {
 *   await createApp(sandbox.smtp).resetPassword(mailbox.address);
 *   await expect(mailbox).toHaveReceived({ subject: /reset/ });
 * });
 */
export const test = withoutMail
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures one needs.
  .extend('sandbox', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const sandbox = await openSandbox(url);
    onCleanup(() => sandbox.close());
    return sandbox;
  })
  .extend('mailbox', ({ sandbox, task }) => sandbox.mailbox(mailboxName(task.name)));

export type { MailMatchers } from './matchers/matchers.ts';
export { expect };
