// For those who use Jest's globals with @types/jest: this is its part that matters.
import 'mailstop/jest';
import type { Mail, Mailbox } from 'mailstop';

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: as in @types/jest.
    interface Matchers<R, T = {}> {
      toBe(expected: unknown): R;
    }
    type JestMatchers<T> = Matchers<void, T> & { not: Matchers<void, T> };
  }
  const expect: <T>(actual: T) => jest.JestMatchers<T>;
}
declare const [mail, mailbox]: [Mail, Mailbox];

expect(mail).toHaveLink(/x/);
expect(mail).not.toHaveAttachment('x');
await expect(mailbox).toHaveReceived({ subject: 'x' });
expect(mail).toMatchMailSnapshot();
// @ts-expect-error A number is not a query.
await expect(mailbox).toHaveReceived(7);
