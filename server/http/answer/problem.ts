import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import { type ErrorCode, MailstopError } from '../../../wire/errors.ts';
import { escaped } from '../../../wire/escaped.ts';
import type { Problem } from '../../../wire/message.ts';
import type { Log } from '../../log.ts';

/** The HTTP face of a code. A new code without a status does not compile. */
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

/** How what changes something on the disk may fail, whatever is asked. */
export const failsToWrite = ['store-full', 'data-unwritable', 'stopping'] as const;

/**
 * The problem that an error is, in the form of RFC 9457.
 * @param detail may quote the request or a mail: it ends up on terminals, so what acts on one is written as escapes
 */
export function problemOf(code: string, status: number, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail: escaped(detail) };
}

/** Express and its body parsers throw errors that carry a status and say whether the client may see the text. */
interface HttpError {
  readonly status: number;
  readonly type?: string;
  /** In octets, of a body that is too large. */
  readonly limit?: number;
  readonly message: string;
}

function isClientError(error: unknown): error is HttpError {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

function bodyProblem({ status, type, limit, message }: HttpError): Problem {
  if (type === 'entity.too.large')
    return problemOf('body-too-large', 413, `The body of the request is too large: it may have ${limit} octets.`);
  const code = status === 415 ? 'unsupported-media-type' : 'bad-request';
  return problemOf(code, status, `The request can't be read: ${clipped(message, 300)}.`);
}

/** A text from outside as a part of an error, which must not grow with it. */
export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}...`;
}

/** The only place where an error becomes a response. Express 5 brings rejected promises here by itself. */
export function problems(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    if (res.headersSent || res.closed) {
      // Too late for an answer; what was begun must not look complete.
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

/** Seconds after which it is worth asking again. */
const RETRY_AFTER: Readonly<Record<string, number>> = { 'too-many-searches': 1 };

export function sendProblem(res: Response, problem: Problem): void {
  const retryAfter = RETRY_AFTER[problem.code];
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
