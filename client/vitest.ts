/**
 * Matchers for mail in Vitest, and a `test` with a mailbox of its own. Imported, also as one of the `setupFiles`, it
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
// Now, and not in the time of the first test: a wait must end before that does, so that its report is seen.
if (!url) await loadServer();

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received, options) {
    return Snapshots.toMatchSnapshot.call(this, snapshotOf(this, received, options), options?.name);
  },
});

/**
 * Vitest's `test` with `sandbox`, one for all tests of a worker, and `mailbox`, which has a fresh address for each test.
 * The sandbox is the one at MAILSTOP_URL where that is set, and runs in the test's process otherwise.
 * @example
 * test('whoever forgets the password gets a link', async ({ sandbox, mailbox }) => {
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
