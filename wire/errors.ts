/**
 * Errors that Mailstop reports to its users. The code is API: programs may switch on it. The message names the thing,
 * the value and what was expected; its wording may change at any time.
 */
export type ErrorCode =
  | 'bad-config'
  | 'bad-query'
  | 'bad-request'
  | 'body-too-large'
  | 'cannot-listen'
  | 'cannot-open-data'
  | 'data-unwritable'
  | 'expectation-failed'
  | 'forbidden-host'
  | 'forbidden-origin'
  | 'message-not-found'
  | 'message-too-large'
  | 'method-not-allowed'
  | 'not-found'
  | 'part-not-found'
  | 'range-not-satisfiable'
  | 'search-failed'
  | 'starting'
  | 'stopping'
  | 'store-full'
  | 'too-many-searches'
  | 'unparsable'
  | 'unsupported-media-type'
  | 'wait-timeout';

export class MailstopError extends Error {
  override readonly name = 'MailstopError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** File system error codes in words, for readers who do not know errno(3). */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it already exists',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
};

/** The same, when creating a folder. */
const FOLDER_ERRORS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a folder',
  ENOENT: 'the folder cannot be created there',
};

/** The text of any thrown value, for a log line or a message that wraps it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  const words = (syscall === 'mkdir' ? FOLDER_ERRORS[code] : undefined) ?? FILE_ERRORS[code];
  return words === undefined || path === undefined ? error.message : `${words} (${code}: ${syscall} ${path})`;
}

/** What every call rejects with while Mailstop is shutting down. */
export function stopping(): MailstopError {
  return new MailstopError('stopping', 'Mailstop is shutting down');
}

/** The kind of an error: recognizes the same trouble even if the numbers in its text differ. */
export function kindOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : reasonOf(error);
}

/** Whether the process or the system has run out of file descriptors. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
