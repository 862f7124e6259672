import type { Problem } from '../server/http/wire.ts';

/** An answer of the REST API that is not a success. `code` is what programs switch on. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Like `message-not-found`; `no-answer` when the server could not be reached, `unknown` when its answer names none. */
  readonly code: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Names the thing, the value and what was expected. */
  readonly detail: string;

  constructor(code: string, status: number, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

/** Reads application/problem+json (RFC 9457), and makes do with whatever else a proxy may have answered. */
export async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const detail = problem?.detail ?? problem?.title ?? `The server answered ${response.status} ${response.statusText}`;
  return new ApiError(problem?.code ?? 'unknown', response.status, detail.trim());
}
