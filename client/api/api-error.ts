import type { Unmet } from '../../wire/expect.ts';
import type { Problem, Summary } from '../../wire/message.ts';

/** An answer of the REST API that is not a success. `code` is what programs switch on. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  /**
   * Like `message-not-found`; `no-answer` when the server could not be reached, `went-away` when it was stopped before
   * it answered, `not-back` when a wait with `retry` came to its end without a server, `closed` when the sandbox that was asked has been closed, `unknown` when the answer names none.
   */
  readonly code: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Names the thing, the value and what was expected. */
  readonly detail: string;

  constructor(code: string, status: number, detail: string, { message = detail, ...options }: ApiErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

interface ApiErrorOptions extends ErrorOptions {
  /** Where there is more to say than `detail`. */
  readonly message?: string;
}

/**
 * The mail that was waited for did not come, or is not what was expected. The message is the server's report: what was
 * expected, what came instead, and what came nearest.
 */
export class ExpectationError extends ApiError {
  override readonly name = 'ExpectationError';
  // Private, so that a test runner that prints the fields of an error does not print all mails after the report.
  readonly #unmet: Unmet;

  constructor(unmet: Unmet) {
    super(unmet.code, unmet.status, unmet.detail, { message: unmet.reason });
    this.#unmet = unmet;
  }

  /** The mails that were meant, newest first: too many, or other than expected. */
  get messages(): readonly Summary[] {
    return this.#unmet.messages;
  }

  /** What the mailbox got, newest first, at most 50; of a sandbox all mail. */
  get arrived(): readonly Summary[] {
    return this.#unmet.arrived;
  }

  /** How many mails are there for others. */
  get others(): number {
    return this.#unmet.others;
  }

  /** How many mails were still being parsed when time was up; null when older mail had not been looked through. */
  get undecided(): number | null {
    return this.#unmet.undecided;
  }

  /** What came nearest, and what keeps it from being it. */
  get closest(): Unmet['closest'] {
    return this.#unmet.closest;
  }
}

/** Reads application/problem+json (RFC 9457), and makes do with whatever else a proxy may have answered. */
export async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem & Unmet> | null;
  if (problem?.pass === false && problem.reason !== undefined) return new ExpectationError(problem as Unmet);
  const detail = problem?.detail ?? problem?.title ?? `The server answered ${response.status} ${response.statusText}`;
  return new ApiError(problem?.code ?? 'unknown', response.status, detail.trim());
}
