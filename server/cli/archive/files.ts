import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { MailstopError } from '../../../wire/errors.ts';

const CHUNK = 1024 * 1024;

/** A file named by the user. Anything readable will do, like a FIFO from a shell's `<(...)`. */
export function openNamed(path: string): Readable {
  return createReadStream(path, { highWaterMark: CHUNK });
}

/**
 * A file found in a folder. A stranger may have made the folder, so only regular files inside it are read: nobody ever
 * writes to a FIFO from an archive, a device may never end, and a link may lead to any file of the user.
 * @throws {MailstopError} `unparsable` for anything else
 */
export async function openFound(top: string, path: string): Promise<Readable> {
  const real = await realpath(path);
  if (relative(await realpath(top), real).split(sep)[0] === '..')
    throw new MailstopError('unparsable', 'it is a link to a file outside of the folder');
  if (!(await lstat(real)).isFile()) throw new MailstopError('unparsable', 'it is not a regular file');
  return (await openRegular(real)).createReadStream({ highWaterMark: CHUNK });
}

/** If something else has replaced the file in the meantime, opening it neither follows a link nor blocks. */
function openRegular(path: string): Promise<FileHandle> {
  // Windows has neither flag.
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}
