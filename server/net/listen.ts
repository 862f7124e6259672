import type { Server } from 'node:net';
import { MailstopError } from '../../wire/errors.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

/**
 * How long a stop waits for connections: for the mail or reply that is under way, then for the client to close its side.
 * In milliseconds. All listeners stop at the same time, so that the whole stop takes well under the ten seconds after
 * which Docker kills a container.
 */
export const GRACE_MS = 2000;

/** Something that accepts connections until it is disposed of. */
export interface Listening extends AsyncDisposable {
  /** The bound address. */
  readonly host: string;
  /** The real port, even if 0 was requested. */
  readonly port: number;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is already taken by another program',
  EACCES: 'this user may not open that port; ports from 1024 up are free to use',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name is not known, or the name server does not answer',
};

/**
 * Binds a server.
 * @param what names the listener in the error, like `SMTP`
 * @throws {MailstopError} `cannot-listen`
 */
export async function listen(what: string, server: Server, { host, port }: ListenOptions) {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(
        new MailstopError('cannot-listen', `${what} cannot listen on ${host}:${port}: ${reason}`, { cause: error }),
      );
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error(`${what} is not bound to a port`);
  return { host: bound.address, port: bound.port };
}
