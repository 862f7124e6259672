/**
 * Mail matchers for Jest. Importing this module, or listing it in `setupFilesAfterEnv`, adds them to Jest's `expect`.
 * @module
 */
import { expect } from '@jest/globals';
import type { Mail } from './mail/mail.ts';
import type { SnapshotOptions } from './matchers/matchers.ts';
import { type MailMatchers, matchers, snapshotOf } from './matchers/matchers.ts';

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends MailMatchers<R> {}
}

declare global {
  // The types of @types/jest, for those who use its globals.
  namespace jest {
    interface Matchers<R, T> extends MailMatchers<R> {}
  }
}

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received: Mail, options?: SnapshotOptions) {
    const snapshot = snapshotOf(this, received, options);
    if (options?.name === undefined) expect(snapshot).toMatchSnapshot();
    else expect(snapshot).toMatchSnapshot(options.name);
    return { pass: true, message: () => '' };
  },
});

export type { MailMatchers } from './matchers/matchers.ts';
export { expect };
