import type { Mail } from './mail/mail.ts';
import type { Query } from './query.ts';

export interface SignalOption {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface WaitOptions extends SignalOption {
  /** How long to wait, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** From `min` to `max`, both included; without a `max` there may be more. */
export interface Range {
  readonly min: number;
  readonly max?: number;
}

export interface CountOptions extends WaitOptions {
  /** After that, nothing more may come for so many milliseconds. */
  readonly quiet?: number | undefined;
}

export interface NoneOptions extends SignalOption {
  /** How long to look out, in milliseconds. All of it is waited: only then nothing came. 200 without it. */
  readonly within?: number | undefined;
  /** Only such mails are meant. */
  readonly matching?: Query | undefined;
}

export interface CaptureOptions extends WaitOptions {
  /** Wait until so many have come: for a block that returns before its mail is sent. */
  readonly count?: number | Range | undefined;
  /** Wait until nothing more has come for so many milliseconds. */
  readonly quiet?: number | undefined;
}

/**
 * What can be asked of mail: of all that a sandbox has, or of one mailbox. Several mails always come in the order in
 * which they arrived.
 */
export interface Mails {
  /**
   * The newest mail that matches; waits for the first one when there is none yet.
   * @throws {ExpectationError} when none comes in time: its message tells what came instead
   * @example
   * const mail = await ada.waitFor({ subject: /reset/ }, { timeout: 2000 });
   */
  waitFor(query?: Query, options?: WaitOptions): Promise<Mail>;
  /**
   * All mails that match, as soon as there are so many.
   * @throws {ExpectationError} when there are fewer in time, or more
   * @example
   * const [first, second] = await ada.waitForCount(2, 'from:shop@example.test', { quiet: 100 });
   */
  waitForCount(count: number | Range, query?: Query, options?: CountOptions): Promise<Mail[]>;
  /**
   * Makes sure that there is no mail, and that none comes, but for those that the verbs of this same object have
   * already given. So after `waitFor` it means: that one mail, and nothing else.
   * @throws {ExpectationError} as soon as one is there
   * @example
   * await ada.expectNone({ within: 300, matching: { subject: /reset/ } });
   */
  expectNone(options?: NoneOptions): Promise<void>;
  /**
   * The next mail that `next` has not given yet, from the oldest on; waits for it.
   * @throws {ExpectationError} when none comes in time
   * @example
   * const first = (await ada.next()).code();
   * await page.getByRole('button', { name: 'Send again' }).click();
   * const second = (await ada.next()).code();
   */
  next(options?: WaitOptions): Promise<Mail>;
  /** What is there now. */
  messages(query?: Query, options?: SignalOption): Promise<Mail[]>;
  /**
   * The mail that came since `block` was called: what it has sent, where nobody else sends.
   * @example
   * const mails = await sandbox.capture(() => app.orderShipped(order), { count: 2 });
   */
  capture(block: () => unknown, options?: CaptureOptions): Promise<Mail[]>;
  /** Deletes it. @returns how many mails that were */
  clear(options?: SignalOption): Promise<number>;
}

/** An address of a test's own, and the mail that is delivered to it. */
export interface Mailbox extends Mails {
  readonly address: string;
}
