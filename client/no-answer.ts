import { ApiError } from './api-error.ts';

/** The connection was never there. Node gives the reason as the cause; browsers give none. */
const NOT_CONNECTED = new Set([
  undefined,
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What it means when `fetch` fails. @param waiting whether the server was to answer only when something happens */
export function noAnswer(origin: string, error: unknown, waiting: boolean): ApiError {
  if (NOT_CONNECTED.has(codeOf(error)))
    return new ApiError('no-answer', 0, `No answer from ${origin}`, { cause: error });
  const during = waiting ? 'while waiting' : 'before it answered';
  return new ApiError('went-away', 0, `Mailstop at ${origin} went away ${during}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  const { cause } = error as { readonly cause?: { readonly code?: string } };
  return cause?.code;
}
