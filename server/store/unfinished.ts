import { MailstopError } from '../../wire/errors.ts';

/** What was asked of a thread did not come to its end. */
export class Unfinished extends Error {
  /** The reason may be gone at the next attempt: no thread, no descriptors, a server that stops. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isPassing = isPassing;
  }
}

/** Ended by a limit: at the next attempt it would be again. */
export class TooMuch extends Unfinished {
  constructor(message: string) {
    super(message, false);
  }
}

export function stopped(): Unfinished {
  return new Unfinished('Mailstop was stopped before the mail was parsed.', true);
}

export function calledOff(): Unfinished {
  return new Unfinished('Nobody wants it any more.', true);
}

/** What whoever searched or expected is told of it; any other error as it is. */
export function searchError(error: unknown): unknown {
  if (!(error instanceof Unfinished)) return error;
  return error.isPassing
    ? new MailstopError('search-failed', `The search could not be done: ${error.message}`, { cause: error })
    : new MailstopError('bad-query', `This takes too much work: ${error.message}`, { cause: error });
}
