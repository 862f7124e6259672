import type { LinkOptions } from '../mail/links.ts';
import type { Mail } from '../mail/mail.ts';
import type { Query } from '../query.ts';
import { refuse } from '../refusal.ts';
import type { AttachmentTest } from './attachment-test.ts';
import { aMail, toHaveAttachment, toHaveLink } from './mail-matchers.ts';
import { type MailSnapshotOptions, mailSnapshot } from './mail-snapshot.ts';
import { type ReceivedOptions, toHaveReceived } from './received-matcher.ts';
import type { MatcherContext } from './result.ts';

/** For `expect.extend` of any framework whose matchers answer `{ pass, message() }`; a message is a whole report. */
export const matchers = { toHaveReceived, toHaveLink, toHaveAttachment };

export interface SnapshotOptions extends MailSnapshotOptions {
  /** Tells several snapshots of one test apart. */
  readonly name?: string | undefined;
}

/** The matchers as a test sees them. @typeParam R what a matcher gives that does not wait */
export interface MailMatchers<R = void> {
  /**
   * That mail has come, or comes in time. With `.not`: that there is none, and that none comes within 200 ms, or what
   * `within` says. To be awaited.
   * @example
   * await expect(ada).toHaveReceived({ subject: /reset/ }, { count: 1, quiet: 100 });
   * @example
   * await expect(ada).not.toHaveReceived({ subject: /invoice/ }, { within: 500 });
   */
  toHaveReceived(options: ReceivedOptions): Promise<void>;
  toHaveReceived(query?: Query, options?: ReceivedOptions): Promise<void>;
  /**
   * That a link, by its URL or by what a reader clicks on, has the text in it, case apart, or matches. Where the mail
   * has HTML it must be a link of the HTML, unless `source` says otherwise; with `.not`, neither part may have it.
   * @example
   * expect(mail).toHaveLink(/\/reset\?token=/);
   * @example
   * expect(mail).toHaveLink('/reset', { source: 'text' });
   */
  toHaveLink(options: LinkOptions): R;
  toHaveLink(pattern?: string | RegExp, options?: LinkOptions): R;
  /**
   * That an attachment is all that is expected. With `content` to be awaited.
   * @example
   * expect(mail).toHaveAttachment('invoice.pdf');
   * @example
   * await expect(mail).toHaveAttachment({ name: /\.csv$/, type: 'text/csv', content: /^id,total/ });
   */
  toHaveAttachment(expected: AttachmentTest & Required<Pick<AttachmentTest, 'content'>>): Promise<void>;
  toHaveAttachment(expected?: string | RegExp | AttachmentTest): R;
  /**
   * That the mail is what it was when the snapshot was taken. What is another one in each run has a name in its place:
   * dates, ids, tokens in URLs, one-time codes, boundaries, fresh addresses; what else is, `mask` says.
   * @example
   * expect(mail).toMatchMailSnapshot({ mask: [/order \d+/] });
   */
  toMatchMailSnapshot(options?: SnapshotOptions): R;
}

/** What a framework's own snapshot is taken of. @throws {TypeError} for what is no mail, and with `.not` */
export function snapshotOf({ isNot }: MatcherContext, received: Mail, options: SnapshotOptions = {}): string {
  const doing = 'compare a mail with its snapshot';
  if (isNot) refuse(doing, '.not would be met by any other mail', 'say what it must not have, like .not.toHaveLink()');
  return mailSnapshot(aMail(received, doing), options);
}
