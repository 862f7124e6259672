import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import { type ErrorCode, MailstopError } from '../../../wire/errors.ts';
import { escaped } from '../../../wire/escaped.ts';
import type { Problem } from '../../../wire/message.ts';
import type { Log } from '../../log.ts';
import { ClientLeft } from '../request/client-left.ts';

/** The HTTP status of each error code. A new code without a status does not compile. */
export const httpStatus: Readonly<Record<ErrorCode, number>> = {
  'bad-config': 500,
  'bad-query': 400,
  'bad-request': 400,
  'body-too-large': 413,
  'cannot-listen': 500,
  'cannot-open-data': 500,
  'data-unwritable': 503,
  'forbidden-host': 421,
  'forbidden-origin': 403,
  'message-not-found': 404,
  'message-too-large': 413,
  'method-not-allowed': 405,
  'not-found': 404,
  'part-not-found': 404,
  'range-not-satisfiable': 416,
  'search-failed': 503,
  starting: 503,
  stopping: 503,
  'store-full': 507,
  'too-many-searches': 429,
  unparsable: 422,
  'unsupported-media-type': 415,
  'wait-timeout': 408,
  'expectation-failed': 417,
};

/** Errors that any route that writes to the disk may give. */
export const failsToWrite = ['store-full', 'data-unwritable', 'stopping'] as const;

/**
 * An error as a problem document (RFC 9457).
 * @param detail may quote the request or a mail and end up on a terminal, so control characters are escaped
 */
export function problemOf(code: string, status: number, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail: escaped(detail) };
}

/** What Express and its body parsers throw: an error with a status. */
interface HttpError {
  readonly status: number;
  readonly type?: string;
  /** In octets, if the body is too large. */
  readonly limit?: number;
  readonly message: string;
}

function isClientError(error: unknown): error is HttpError {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

function bodyProblem({ status, type, limit, message }: HttpError): Problem {
  if (type === 'entity.too.large')
    return problemOf('body-too-large', 413, `The body of the request is too large: the limit is ${limit} octets.`);
  const code = status === 415 ? 'unsupported-media-type' : 'bad-request';
  return problemOf(code, status, `The request can't be read: ${clipped(message, 300)}.`);
}

/** Clips outside text for an error message, to bound its length. */
export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}...`;
}

/** The only place where an error becomes a response. Express 5 forwards rejected promises here. */
export function problems(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    if (res.headersSent || res.closed || error instanceof ClientLeft) {
      // Too late for an error response; the partial one must not look complete.
      res.destroy();
      return;
    }
    if (error instanceof MailstopError)
      return sendProblem(res, problemOf(error.code, httpStatus[error.code], error.message));
    if (isClientError(error)) return sendProblem(res, bodyProblem(error));
    log.error('request failed', {
      method: req.method,
      url: req.originalUrl,
      error: String(error),
      stack: (error as Error)?.stack,
    });
    sendProblem(res, problemOf('internal', 500, 'Mailstop failed to answer this request; its log has the reason.'));
  };
}

/** When to retry, in seconds. */
const RETRY_AFTER: Readonly<Record<string, number>> = { 'too-many-searches': 1 };

export function sendProblem(res: Response, problem: Problem): void {
  const retryAfter = RETRY_AFTER[problem.code];
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
