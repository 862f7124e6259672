import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { MailstopError, reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Listening, type ListenOptions, listen } from '../net/listen.ts';
import type { TlsMaterial } from '../net/tls.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import { Connection, type Pop3Times, type Surroundings } from './connection.ts';
import { clientOf, type Handshake } from './link.ts';
import { Mailboxes } from './mailbox.ts';

export interface Pop3Options extends ListenOptions {
  readonly log: Log;
  /** For the greeting and IMPLEMENTATION. */
  readonly hostname: string;
  readonly version: string;
  /** Passwords by login name; null = any password is taken. */
  readonly accounts?: Accounts;
  /** QUIT keeps what the session has deleted. */
  readonly keep?: boolean;
  /** With it, STLS is offered; without it, not. */
  readonly tls?: Pick<TlsMaterial, 'key' | 'cert'> | null;
  /** TLS from the first octet (RFC 8314 §3.3); needs `tls`. */
  readonly implicitTls?: boolean;
  /** So many refused logins end a session. */
  readonly maxRefused?: number;
  readonly times?: Partial<Pop3Times>;
}

const TIMES: Pop3Times = { autologout: 600_000, refusal: 1000, handshake: 30_000, grace: 2000 };

/**
 * Serves the mails of a store over POP3; the login name chooses which.
 * @throws {MailstopError} `cannot-listen`; `bad-config` when TLS is asked for without a certificate or it can't be used
 */
export async function startPop3(store: Store, options: Pop3Options): Promise<Listening> {
  const { log, tls = null, implicitTls = false, accounts = null, keep = false, maxRefused = 3 } = options;
  const what = implicitTls ? 'POP3S' : 'POP3';
  if (implicitTls && tls === null) throw new MailstopError('bad-config', 'POP3S needs a certificate, but TLS is off');
  const context = tls === null ? null : secureContext(tls);
  const times = { ...TIMES, ...options.times };
  const host = options.hostname.replace(/[^A-Za-z0-9.-]/g, '') || 'localhost';
  const mailboxes = new Mailboxes(store);
  const around: Surroundings = {
    store,
    mailboxes,
    accounts,
    times,
    log,
    implicitTls,
    policy: { stls: context !== null, keep, maxRefused, implementation: `Mailstop ${options.version}` },
    timestamp: () => `<${randomBytes(12).toString('hex')}@${host}>`,
    handshake: context === null ? async () => null : handshakeWith(context, times.handshake, log),
  };
  const open = new Set<Connection>();
  // A client that has sent everything and closed its side still gets its answers.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new Connection(socket, around);
    open.add(connection);
    void connection.run().then(() => open.delete(connection));
  });
  try {
    const bound = await listen(what, server, options);
    server.on('error', (error) => log.error('pop3 listener failed', { reason: error.message }));
    return { ...bound, [Symbol.asyncDispose]: () => stop(server, open, mailboxes, times.grace) };
  } catch (error) {
    mailboxes[Symbol.dispose]();
    throw error;
  }
}

function secureContext({ key, cert }: Pick<TlsMaterial, 'key' | 'cert'>): SecureContext {
  try {
    return createSecureContext({ key, cert });
  } catch (error) {
    throw new MailstopError('bad-config', `POP3 can't use this TLS key and certificate: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function handshakeWith(secureContext: SecureContext, milliseconds: number, log: Log): Handshake {
  return async (socket, over) => {
    if (over.aborted) return null;
    const client = clientOf(socket);
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    let reason = 'the connection was closed';
    const failed = (error: Error) => {
      reason = error.message;
    };
    const giveUp = () => secured.destroy();
    const timer = setTimeout(giveUp, milliseconds);
    over.addEventListener('abort', giveUp);
    const done = await new Promise<boolean>((resolve) => {
      // Before a handshake is done, its errors come as `_tlsError`.
      secured.on('error', failed).on('_tlsError', failed);
      secured.once('secure', () => resolve(true)).once('close', () => resolve(false));
    });
    clearTimeout(timer);
    over.removeEventListener('abort', giveUp);
    if (!done) log.info('pop3 handshake failed', { client, reason });
    return done ? secured : null;
  };
}

/** Takes no new connections; replies that are under way may finish, if it does not take too long. */
async function stop(server: Server, open: Set<Connection>, mailboxes: Mailboxes, grace: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  for (const connection of open) connection.stop();
  const timer = setTimeout(() => {
    for (const connection of open) connection.cut();
  }, grace);
  await closed;
  clearTimeout(timer);
  mailboxes[Symbol.dispose]();
}
