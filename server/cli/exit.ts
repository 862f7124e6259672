import { ApiError, ExpectationError } from '../../client/index.ts';
import { MailstopError } from '../../wire/errors.ts';

/** Exit codes, for scripts to tell apart. */
export const FINE = 0;
/** What was expected or requested is not there. */
export const UNMET = 1;
export const USAGE = 2;
/** Can't listen, or nothing answers. */
export const UNREACHABLE = 3;

/** Reports a usage error. */
export function misuse(message: string): never {
  throw new MailstopError('bad-config', message);
}

/** The API's error codes that mean neither wrong usage nor an unusable Mailstop. */
const UNMET_CODES: readonly string[] = [
  'message-not-found',
  'part-not-found',
  'message-too-large',
  'body-too-large',
  'store-full',
  'unparsable',
];

/** The exit code for an error; null if it is unexpected. */
export function exitCodeOf(error: unknown): number | null {
  if (error instanceof ExpectationError) return UNMET;
  if (error instanceof ApiError) {
    if (UNMET_CODES.includes(error.code)) return UNMET;
    return error.code.startsWith('bad-') ? USAGE : UNREACHABLE;
  }
  if (!(error instanceof MailstopError)) return null;
  if (error.code === 'bad-config') return USAGE;
  return UNMET_CODES.includes(error.code) ? UNMET : UNREACHABLE;
}

/** The message for the user: the thing, the value, what was expected, and what to do, if anything. */
export function messageOf(error: ApiError | MailstopError, url: URL, query: string): string {
  if (error instanceof ExpectationError) return error.message;
  switch (error.code) {
    case 'no-answer':
      return `mailstop: no answer from ${url.origin}: is Mailstop running there?\nStart it with "mailstop", or set --url or MAILSTOP_URL.`;
    case 'went-away':
      return `mailstop: ${error.message}.\nWith --retry, wait and expect keep waiting across a restart.`;
    case 'unknown':
      return `mailstop: what answers at ${url.origin} is not Mailstop's inbox: ${detailOf(error)}.\n--url and MAILSTOP_URL take the URL of the inbox, like http://127.0.0.1:8025.`;
    case 'bad-query':
      return badQuery(error.message, query);
    default:
      return `mailstop: ${error.message}`;
  }
}

function detailOf(error: ApiError | MailstopError): string {
  return error instanceof ApiError ? error.detail : error.message;
}

/** The query with a mark under the faulty column. */
function badQuery(message: string, query: string): string {
  const [, column = '', reason = message] = /^q, column (\d+): (.*)$/s.exec(message) ?? [];
  const at = Number(column);
  if (at === 0 || query === '' || /[\p{Cc}\p{Cf}]/u.test(query)) return `mailstop: the query can't be read: ${message}`;
  return `mailstop: the query can't be read, column ${at}: ${reason}\n  ${query}\n  ${' '.repeat(at - 1)}^`;
}
