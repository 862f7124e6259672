/**
 * The errors that Mailstop tells its users about. The code is API: programs may switch on it. The
 * message names the thing, the value and what was expected; its wording may change at any time.
 */
export type ErrorCode =
  | 'bad-config'
  | 'bad-query'
  | 'bad-request'
  | 'body-too-large'
  | 'cannot-listen'
  | 'cannot-open-data'
  | 'data-unwritable'
  | 'expectation-failed'
  | 'forbidden-host'
  | 'forbidden-origin'
  | 'message-not-found'
  | 'message-too-large'
  | 'method-not-allowed'
  | 'not-found'
  | 'part-not-found'
  | 'search-failed'
  | 'starting'
  | 'stopping'
  | 'store-full'
  | 'too-many-searches'
  | 'unparsable'
  | 'unsupported-media-type'
  | 'wait-timeout';

export class MailstopError extends Error {
  override readonly name = 'MailstopError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The text of whatever was thrown, for a log line or a message that wraps it. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What everything that is asked of a Mailstop on its way out rejects with. */
export function stopping(): MailstopError {
  return new MailstopError('stopping', 'Mailstop is shutting down');
}

/** What kind of error it is, so that the same trouble is known again though its text has other numbers. */
export function kindOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : reasonOf(error);
}

/** Whether there is no descriptor left to open something with. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
