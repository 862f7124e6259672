import { ApiError } from './api-error.ts';

/** The connection was never made. Node gives the reason as the cause; browsers give none. */
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

/** The error for a failed `fetch`. @param waiting whether the server could hold the response until something happens */
export function noAnswer(origin: string, error: unknown, waiting: boolean): ApiError {
  const { code, name } = (error as { readonly cause?: { readonly code?: string; readonly name?: string } }).cause ?? {};
  // From Node's HTTP parser, whose errors have no code since Node 24. SMTP and POP3 servers, for example, speak first.
  if (name === 'HTTPParserError') return notMailstop(origin, 'it does not speak HTTP', error);
  if (NOT_CONNECTED.has(code)) return new ApiError('no-answer', 0, `No answer from ${origin}`, { cause: error });
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return notMailstop(origin, 'it does not speak TLS, so the URL must begin with http://', error);
  const during = waiting ? 'while waiting' : 'before it answered';
  return new ApiError('went-away', 0, `Mailstop at ${origin} went away ${during}`, { cause: error });
}

function notMailstop(origin: string, detail: string, cause: unknown): ApiError {
  const message = `What answers at ${origin} is not Mailstop's inbox: ${detail}`;
  return new ApiError('unknown', 0, detail, { message, cause });
}

/**
 * Gives up a request that a stopped or hung server never answers.
 * @param most in milliseconds
 * @throws {ApiError} `went-away` after that time
 */
export async function answeredWithin<T>(
  most: number,
  signal: AbortSignal | undefined,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = AbortSignal.timeout(most);
  try {
    return await request(signal ? AbortSignal.any([signal, over]) : over);
  } catch (error) {
    if (!over.aborted || signal?.aborted) throw error;
    throw new ApiError('went-away', 0, `Mailstop did not answer within ${most} ms`, { cause: error });
  }
}
