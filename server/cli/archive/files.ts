import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { MailstopError } from '../../../wire/errors.ts';

const CHUNK = 1024 * 1024;

/** A file that the user named. It may be anything that can be read, like a FIFO from `<(...)` of a shell. */
export function openNamed(path: string): Readable {
  return createReadStream(path, { highWaterMark: CHUNK });
}

/**
 * A file that was found in a folder. Who made the folder may be a stranger, so only regular files within it are read:
 * nobody ever writes into a FIFO that came in an archive, a device may have no end, and a link may lead to any file of
 * the user.
 * @throws {MailstopError} `unparsable` for anything else
 */
export async function openFound(top: string, path: string): Promise<Readable> {
  const real = await realpath(path);
  if (relative(await realpath(top), real).split(sep)[0] === '..')
    throw new MailstopError('unparsable', 'it is a link to a file outside of the folder');
  if (!(await lstat(real)).isFile()) throw new MailstopError('unparsable', 'it is not a regular file');
  return (await openRegular(real)).createReadStream({ highWaterMark: CHUNK });
}

/** Should something else have taken the place of the file by now, opening it neither follows a link nor waits. */
function openRegular(path: string): Promise<FileHandle> {
  // Windows has neither flag.
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}
