import { MailstopError } from '../../wire/errors.ts';

/** A thread did not finish its task. */
export class Unfinished extends Error {
  /** Whether a retry may succeed: no thread, no file descriptors, a server that is stopping. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isPassing = isPassing;
  }
}

/** Ended by a limit, so a retry would end the same way. */
export class TooMuch extends Unfinished {
  constructor(message: string) {
    super(message, false);
  }
}

export function stopped(): Unfinished {
  return new Unfinished('Mailstop was stopped before the mail was parsed.', true);
}

export function calledOff(): Unfinished {
  return new Unfinished('It was cancelled.', true);
}

/** The error for the caller of a search or expectation; other errors are returned as is. */
export function searchError(error: unknown): unknown {
  if (!(error instanceof Unfinished)) return error;
  return error.isPassing
    ? new MailstopError('search-failed', `The search could not be done: ${error.message}`, { cause: error })
    : new MailstopError('bad-query', `This takes too much work: ${error.message}`, { cause: error });
}
