import type { LinkOptions } from '../mail/links.ts';
import type { Mail } from '../mail/mail.ts';
import type { Query } from '../query.ts';
import { refuse } from '../refusal.ts';
import type { AttachmentTest } from './attachment-test.ts';
import { aMail, toHaveAttachment, toHaveLink } from './mail-matchers.ts';
import { type MailSnapshotOptions, mailSnapshot } from './mail-snapshot.ts';
import { type ReceivedOptions, toHaveReceived } from './received-matcher.ts';
import type { MatcherContext } from './result.ts';

/** For `expect.extend` of any framework whose matchers return `{ pass, message() }`; the message is a whole report. */
export const matchers = { toHaveReceived, toHaveLink, toHaveAttachment };

export interface SnapshotOptions extends MailSnapshotOptions {
  /** Distinguishes several snapshots in one test. */
  readonly name?: string | undefined;
}

/** The matchers as a test sees them. @typeParam R return type of the synchronous matchers */
export interface MailMatchers<R = void> {
  /**
   * Asserts that mail has come, or comes in time. With `.not`: that there is none, and that none comes within 200 ms or
   * `within`. Must be awaited.
   * @example
   * await expect(ada).toHaveReceived({ subject: /reset/ }, { count: 1, quiet: 100 });
   * @example
   * await expect(ada).not.toHaveReceived({ subject: /invoice/ }, { within: 500 });
   */
  toHaveReceived(options: ReceivedOptions): Promise<void>;
  toHaveReceived(query?: Query, options?: ReceivedOptions): Promise<void>;
  /**
   * Asserts that a link's URL, or the text a reader clicks on, contains the pattern, ignoring case, or matches it. If
   * the mail has HTML, only its links count, unless `source` says otherwise. With `.not`, neither part may have the
   * link.
   * @example
   * expect(mail).toHaveLink(/\/reset\?token=/);
   * @example
   * expect(mail).toHaveLink('/reset', { source: 'text' });
   */
  toHaveLink(options: LinkOptions): R;
  toHaveLink(pattern?: string | RegExp, options?: LinkOptions): R;
  /**
   * Asserts that an attachment matches everything given. Must be awaited with `content`.
   * @example
   * expect(mail).toHaveAttachment('invoice.pdf');
   * @example
   * await expect(mail).toHaveAttachment({ filename: /\.csv$/, contentType: 'text/csv', content: /^id,total/ });
   */
  toHaveAttachment(expected: AttachmentTest & Required<Pick<AttachmentTest, 'content'>>): Promise<void>;
  toHaveAttachment(expected?: string | RegExp | AttachmentTest): R;
  /**
   * Asserts that the mail matches its snapshot. Placeholders replace what changes with every run: dates, ids, tokens in
   * URLs, one-time codes, boundaries, fresh addresses, and whatever `mask` adds.
   * @example
   * expect(mail).toMatchMailSnapshot({ mask: [/order \d+/] });
   */
  toMatchMailSnapshot(options?: SnapshotOptions): R;
}

/** The value for the framework's own snapshot. @throws {TypeError} for anything but a mail, and with `.not` */
export function snapshotOf({ isNot }: MatcherContext, received: Mail, options: SnapshotOptions = {}): string {
  const doing = 'compare a mail with its snapshot';
  if (isNot) refuse(doing, 'with .not, any other mail would pass', 'say what it must not have, like .not.toHaveLink()');
  return mailSnapshot(aMail(received, doing), options);
}
