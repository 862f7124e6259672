import type { Mail } from './mail/mail.ts';
import type { Query } from './query.ts';

export interface SignalOption {
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface WaitOptions extends SignalOption {
  /** How long to wait, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** From `min` to `max`, inclusive; without `max` there is no upper limit. */
export interface Range {
  readonly min: number;
  readonly max?: number;
}

export interface CountOptions extends WaitOptions {
  /** After that, no further mail may arrive for this many milliseconds. */
  readonly quiet?: number | undefined;
}

export interface NoneOptions extends SignalOption {
  /** How long to watch, in milliseconds (default 200). Always waits that long if no mail comes. */
  readonly within?: number | undefined;
  /** Only mails that match this query count. */
  readonly matching?: Query | undefined;
}

export interface CaptureOptions extends WaitOptions {
  /** Wait for this many mails: for a block that returns before its mail is sent. */
  readonly count?: number | Range | undefined;
  /** Wait until no further mail has arrived for this many milliseconds. */
  readonly quiet?: number | undefined;
}

/**
 * Calls on the mail of a sandbox or of one mailbox. Several mails are always returned in the order in which they
 * arrived.
 */
export interface Mails {
  /**
   * Returns the newest mail that matches; if there is none yet, waits for one.
   * @throws {ExpectationError} if none comes in time; the message shows what came instead
   * @example
   * const mail = await ada.waitFor({ subject: /reset/ }, { timeout: 2000 });
   */
  waitFor(query?: Query, options?: WaitOptions): Promise<Mail>;
  /**
   * Waits until this many mails match, and returns them all.
   * @throws {ExpectationError} if too few come in time, or too many
   * @example
   * const [first, second] = await ada.waitForCount(2, 'from:shop@example.test', { quiet: 100 });
   */
  waitForCount(count: number | Range, query?: Query, options?: CountOptions): Promise<Mail[]>;
  /**
   * Asserts that there is no mail and that none arrives, except mails that this object's verbs have already returned.
   * So after `waitFor` it means: that one mail, and nothing else.
   * @throws {ExpectationError} as soon as there is one
   * @example
   * await ada.expectNone({ within: 300, matching: { subject: /reset/ } });
   */
  expectNone(options?: NoneOptions): Promise<void>;
  /**
   * Returns the oldest mail that `next` has not returned yet; waits for it if necessary.
   * @throws {ExpectationError} if none comes in time
   * @example
   * const first = (await ada.next()).code();
   * await page.getByRole('button', { name: 'Send again' }).click();
   * const second = (await ada.next()).code();
   */
  next(options?: WaitOptions): Promise<Mail>;
  /** The mails that are there now. */
  messages(query?: Query, options?: SignalOption): Promise<Mail[]>;
  /**
   * Returns the mail that arrived since `block` was called: the mail that it sent, if nothing else sends any.
   * @example
   * const mails = await sandbox.capture(() => app.orderShipped(order), { count: 2 });
   */
  capture(block: () => unknown, options?: CaptureOptions): Promise<Mail[]>;
  /** Deletes the mail. @returns how many mails were deleted */
  clear(options?: SignalOption): Promise<number>;
}

/** A test's own address, and the mail delivered to it. */
export interface Mailbox extends Mails {
  readonly address: string;
}
