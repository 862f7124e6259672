import type { Unmet } from '../../wire/expect.ts';
import type { Problem, Summary } from '../../wire/message.ts';

/** An error response from the REST API, or no response. `code` is what programs switch on. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  /**
   * Like `message-not-found`. `no-answer`: the server could not be reached. `went-away`: it stopped or hung before it answered.
   * `not-back`: a wait with `retry` reached its deadline without a server. `closed`: the sandbox is closed. `unknown`:
   * the response has no code.
   */
  readonly code: string;
  /** The HTTP status; 0 if there was no response. */
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
  /** If there is more to say than `detail`. */
  readonly message?: string;
}

/**
 * The expected mail did not come, or is not as expected. The message is the server's report: what was expected, what
 * came instead, and the nearest mails.
 */
export class ExpectationError extends ApiError {
  override readonly name = 'ExpectationError';
  // Private, so that a test runner that prints an error's fields does not print all mails after the report.
  readonly #unmet: Unmet;

  constructor(unmet: Unmet) {
    super(unmet.code, unmet.status, unmet.detail, { message: unmet.reason });
    this.#unmet = unmet;
  }

  /** The mails that the query matches, newest first: too many, or not as expected. */
  get messages(): readonly Summary[] {
    return this.#unmet.messages;
  }

  /** Mail for the mailbox, newest first, at most 50; for a sandbox, all mail. */
  get arrived(): readonly Summary[] {
    return this.#unmet.arrived;
  }

  /** How many mails are for others. */
  get others(): number {
    return this.#unmet.others;
  }

  /** How many mails were still being parsed at the deadline; null if older mail was still being searched. */
  get undecided(): number | null {
    return this.#unmet.undecided;
  }

  /** The nearest mails, and why each does not match. */
  get closest(): Unmet['closest'] {
    return this.#unmet.closest;
  }
}

/** Reads application/problem+json (RFC 9457), and copes with anything else that a proxy may answer. */
export async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem & Unmet> | null;
  if (problem?.pass === false && problem.reason !== undefined) return new ExpectationError(problem as Unmet);
  const detail = problem?.detail ?? problem?.title ?? `The server answered ${response.status} ${response.statusText}`;
  return new ApiError(problem?.code ?? 'unknown', response.status, detail.trim());
}
