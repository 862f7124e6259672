import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { MailstopError, reasonOf } from '../../wire/errors.ts';
import { type Log, Repeats } from '../log.ts';
import { BadEnds, reasonOfError } from '../net/bad-ends.ts';
import { DescriptorGuard } from '../net/descriptors.ts';
import { HANDSHAKE_MS, HandshakeWatch } from '../net/handshake.ts';
import { GRACE_MS, type Listening, type ListenOptions, listen } from '../net/listen.ts';
import type { SessionRecorder } from '../net/sessions.ts';
import type { TlsMaterial } from '../net/tls.ts';
import { Slices } from '../slices.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import { Connection, type Pop3Times, type Surroundings } from './connection.ts';
import type { Handshake } from './link.ts';
import { Mailboxes } from './mailbox.ts';
import { errLine } from './reply.ts';

export interface Pop3Options extends ListenOptions {
  readonly log: Log;
  readonly sessions: SessionRecorder;
  /** For the greeting and IMPLEMENTATION. */
  readonly hostname: string;
  readonly version: string;
  /** Passwords by login name; null = any password is accepted. */
  readonly accounts?: Accounts;
  /** QUIT does not delete anything. */
  readonly keep?: boolean;
  /** Mail older than this is deleted, in milliseconds; null = no age limit. */
  readonly maxAge?: number | null;
  /** Shared with other listeners; by default its own. */
  readonly descriptors?: DescriptorGuard;
  /** If given, STLS is offered. */
  readonly tls?: Pick<TlsMaterial, 'key' | 'cert'> | null;
  /** TLS from the first octet (RFC 8314 §3.3); needs `tls`. */
  readonly implicitTls?: boolean;
  /** The number of failed logins that ends a session. */
  readonly maxRefused?: number;
  readonly times?: Partial<Pop3Times>;
}

const TIMES: Pop3Times = { autologout: 600_000, refusal: 1000, handshake: HANDSHAKE_MS, grace: GRACE_MS };

/**
 * Serves the mails of a store over POP3; the login name selects which.
 * @throws {MailstopError} `cannot-listen`; `bad-config` for TLS without a certificate, or with one that can't be used
 */
export async function startPop3(store: Store, options: Pop3Options): Promise<Listening> {
  const { log, tls = null, implicitTls = false, accounts = null, keep = false, maxRefused = 3 } = options;
  const { descriptors = new DescriptorGuard(log) } = options;
  const what = implicitTls ? 'POP3S' : 'POP3';
  if (implicitTls && tls === null) throw new MailstopError('bad-config', 'POP3S needs a certificate, but TLS is off');
  const context = tls === null ? null : secureContext(tls);
  const times = { ...TIMES, ...options.times };
  const host = options.hostname.replace(/[^A-Za-z0-9.-]/g, '') || 'localhost';
  const slices = new Slices();
  const mailboxes = new Mailboxes(store, slices, (error) =>
    log.error('mailboxes not followed', { reason: reasonOf(error) }),
  );
  const lost = new BadEnds(log, 'pop3');
  const failures = new Repeats(log);
  const around: Surroundings = {
    store,
    mailboxes,
    accounts,
    times,
    log,
    sessions: options.sessions,
    lost,
    failures,
    slices,
    implicitTls,
    policy: {
      stls: context !== null,
      keep,
      days: daysIn(options.maxAge ?? null),
      maxRefused,
      implementation: `Mailstop ${options.version}`,
    },
    timestamp: () => `<${randomBytes(12).toString('hex')}@${host}>`,
    handshake: context === null ? async () => ({ failure: null }) : handshakeWith(context, times.handshake),
  };
  const open = new Set<Connection>();
  // A client that has sent everything and closed its side still gets its replies.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (descriptors.refuses(socket)) return refuse(socket, implicitTls);
    const connection = new Connection(socket, around);
    open.add(connection);
    void connection.run().then(() => open.delete(connection));
  });
  try {
    const bound = await listen(what, server, options);
    server.on('error', (error) => lost.add({ peer: 'unknown', stage: 'accepting', ...reasonOfError(error) }));
    const close = async () => {
      await stop(server, open, mailboxes, times.grace);
      for (const counting of [lost, failures]) counting[Symbol.dispose]();
    };
    return { ...bound, [Symbol.asyncDispose]: close };
  } catch (error) {
    mailboxes[Symbol.dispose]();
    throw error;
  }
}

function daysIn(age: number | null): number | null {
  const days = Math.floor((age ?? 0) / 86_400_000);
  return days === 0 ? null : days;
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

function handshakeWith(secureContext: SecureContext, milliseconds: number): Handshake {
  return async (socket, over) => {
    if (over.aborted) return { failure: null };
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    const watch = new HandshakeWatch(secured, milliseconds);
    const giveUp = () => secured.destroy();
    over.addEventListener('abort', giveUp);
    const done = await watch.done;
    over.removeEventListener('abort', giveUp);
    if (done) return { socket: secured };
    const silent = socket.bytesRead === 0 && !watch.late;
    return { failure: silent ? null : { stage: 'TLS handshake', ...watch.failure } };
  };
}

/** Rejects a connection because too few descriptors are left to keep it. */
function refuse(socket: Socket, implicitTls: boolean): void {
  socket.on('error', () => {});
  if (!implicitTls) socket.write(errLine('SYS/TEMP', 'too many connections, try again later'));
  socket.destroySoon();
}

/** Stops accepting connections; pending replies may finish if that does not take too long. */
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
