import { once } from 'node:events';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection';
import { MailstopError } from '../../wire/errors.ts';
import type { Log } from '../log.ts';
import type { Deliver } from '../message/message.ts';
import { BadEnds, nameOf, reasonOfEnd, reasonOfError } from '../net/bad-ends.ts';
import { DescriptorGuard } from '../net/descriptors.ts';
import { HANDSHAKE_MS, HandshakeWatch } from '../net/handshake.ts';
import { GRACE_MS, type Listening, type ListenOptions, listen } from '../net/listen.ts';
import type { SessionRecorder } from '../net/sessions.ts';
import type { TlsMaterial } from '../net/tls.ts';
import { Slices } from '../slices.ts';
import { acceptBy } from './accept.ts';
import { Connection } from './connection.ts';
import { checkMembers } from './members.ts';
import type { Refusal, Surroundings } from './surroundings.ts';

export interface SmtpOptions extends ListenOptions {
  /** Largest accepted mail, in octets. */
  readonly maxOctets: number;
  readonly log: Log;
  readonly now: () => Date;
  /** Shared with other listeners; by default its own. */
  readonly descriptors?: DescriptorGuard;
  readonly sessions: SessionRecorder;
  /** If given, STARTTLS is offered. */
  readonly tls?: TlsMaterial | null;
  /** TLS from the first octet (RFC 8314 §3.3); needs `tls`. */
  readonly implicitTls?: boolean;
  readonly maxRecipients?: number;
  readonly maxClients?: number;
  /** Called for every rejected command. */
  readonly refused?: (refusal: Refusal) => void;
  readonly times?: Partial<SmtpTimes>;
}

/** Timeouts, in milliseconds. */
export interface SmtpTimes {
  /** From one command to the next. */
  readonly command: number;
  /** From DATA to the end of the mail. */
  readonly data: number;
  /** For a TLS handshake. */
  readonly handshake: number;
  /** Time limit for storing a mail. After it, the client gets 451 and can try again. */
  readonly deliver: number;
  /** How long to wait for incoming mails when the server stops. */
  readonly grace: number;
}

const TIMES: SmtpTimes = {
  command: 5 * 60_000,
  data: 10 * 60_000,
  handshake: HANDSHAKE_MS,
  deliver: 60_000,
  grace: GRACE_MS,
};

/**
 * Accepts every mail for any address, and passes it to `deliver`.
 *
 * RFC 5321 with PIPELINING (2920), 8BITMIME (6152), SIZE (1870), SMTPUTF8 (6531), ENHANCEDSTATUSCODES (2034),
 * DSN (3461), AUTH (4954) with any credentials, and STARTTLS (3207).
 *
 * @throws {MailstopError} `cannot-listen`, also if the library lacks a member we rely on; `bad-config` for TLS without
 *   a certificate
 */
export async function startSmtp(deliver: Deliver, options: SmtpOptions): Promise<Listening> {
  checkMembers();
  const { log, tls = null, implicitTls = false, maxClients = 20_000, descriptors = new DescriptorGuard(log) } = options;
  if (implicitTls && tls === null)
    throw new MailstopError('bad-config', 'SMTP over TLS needs a certificate, but TLS is off');
  const times = { ...TIMES, ...options.times };
  const lost = new BadEnds(log, 'smtp');
  const accepting = acceptBy(deliver, log, times.deliver);
  const smtp = new CatchAll(libraryOptions(options), {
    maxOctets: options.maxOctets,
    maxRecipients: options.maxRecipients ?? 10_000,
    maxClients,
    tls: tls !== null,
    commandTime: times.command,
    dataTime: times.data,
    handshakeTime: times.handshake,
    now: options.now,
    sessions: options.sessions,
    protocol: implicitTls ? 'SMTPS' : 'SMTP',
    slices: new Slices(),
    accept: accepting.accept,
    refused: (refusal) => {
      log.warn('smtp refused', { ...refusal });
      options.refused?.(refusal);
    },
    descriptors,
    lost: (end) => lost.add(end),
  });
  // Errors of the server itself, possibly many; errors of connections go to `lost`.
  smtp.on('error', (error: NodeJS.ErrnoException) =>
    lost.add({ peer: 'unknown', stage: 'accepting', ...reasonOfError(error) }),
  );
  const bound = await listen(implicitTls ? 'SMTPS' : 'SMTP', smtp.server, options);
  return {
    ...bound,
    async [Symbol.asyncDispose]() {
      await smtp.stop(times.grace);
      for (const counting of [lost, accepting]) counting[Symbol.dispose]();
    },
  };
}

function libraryOptions({ tls = null, implicitTls = false, maxOctets }: SmtpOptions): SMTPServerOptions {
  return {
    name: 'mailstop',
    heloResponse: '%s greets %s',
    size: maxOctets,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    authOptional: true,
    allowInsecureAuth: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    hideSTARTTLS: tls === null,
    disabledCommands: ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'],
    disableReverseLookup: true,
    // A client that has sent everything and closed its side still gets its replies.
    allowHalfOpen: true,
    // The library's timer restarts at every octet; `Connection` and `HandshakeWatch` have their own.
    socketTimeout: 2 ** 31 - 1,
    logger: false,
    secure: implicitTls,
    ...(tls === null ? {} : { key: tls.key, cert: tls.cert }),
    // Accepted at once, so that clients that talk before the greeting work too.
    onConnect: (_session, next) => next(),
    onSecure: (_socket, _session, next) => next(),
    // Accepts any credentials. The password goes no further.
    onAuth: ({ username = '' }, _session, next) => next(null, { user: { username } }),
  };
}

/** smtp-server with our own connections. */
class CatchAll extends SMTPServer {
  readonly #around: Surroundings;
  /** Includes those the library has said goodbye to, until their sockets are gone. */
  readonly #open = new Set<Connection>();
  #sessions = 0;
  #stopped: Promise<void> | null = null;

  constructor(options: SMTPServerOptions, around: Surroundings) {
    super(options);
    this.#around = around;
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions): void {
    if (this.#stopped) return void socket.destroy();
    // With an id given, the library does not draw one from the system's random numbers, which is slow.
    const connection = new Connection(this, socket, { ...options, id: `${++this.#sessions}` }, this.#around);
    this.#open.add(connection);
    connection.once('gone', () => this.#open.delete(connection));
    this.connections.add(connection);
    connection.init();
  }

  // We support no PROXY protocol. Even to skip it, the library draws a random number and waits a turn, a cost that
  // clients pay for every connection.
  override _handleProxy(_socket: Socket, done: (error: Error | null) => void): void {
    done(null);
  }

  // Called by the library's constructor. Without our certificate it would load its own, which is useless with STARTTLS
  // off and takes longer than the rest of the start.
  override updateSecureContext(): void {
    if (this.options.key === undefined) this.secureContext = new Map();
    else super.updateSecureContext();
  }

  // TLS from the first octet: until the handshake is done, there is no connection to watch over it.
  override _upgrade(socket: Socket, done: (error: Error | null, secured?: TLSSocket) => void): void {
    const { descriptors, handshakeTime, lost, sessions, protocol } = this.#around;
    // TLS on a socket that is already gone crashes Node, and the library gets here one turn after `accept`.
    if (socket.destroyed || descriptors.refuses(socket)) return void socket.destroy();
    const peer = nameOf(socket);
    // The library reports the failure as an error of the server, which it is not.
    super._upgrade(socket, (error, secured) => (error ? socket.destroy() : done(null, secured)));
    const secured = this._pendingSockets.get(socket);
    if (!(secured instanceof TLSSocket)) return;
    const watch = new HandshakeWatch(secured, handshakeTime);
    watch.done.then((success) => {
      // A client that leaves without a word may have probed whether the port is open.
      if (success || this.#stopped || (socket.bytesRead === 0 && !watch.late)) return;
      const end = { stage: 'TLS handshake', ...watch.failure };
      lost({ peer, ...end });
      sessions.begin(protocol, peer, null).end(reasonOfEnd(end));
    });
  }

  /** Stops accepting connections; open ones may finish their current mail, within `grace` milliseconds. */
  stop(grace: number): Promise<void> {
    this.#stopped ??= this.#stop(grace);
    return this.#stopped;
  }

  async #stop(grace: number): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    // The TLS socket: the library's authors saw Node crash when the socket was removed from under a handshake.
    for (const socket of this._pendingSockets.values()) socket.destroy();
    for (const connection of this.#open) connection.leave();
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.destroy();
    }, grace);
    await closed;
    clearTimeout(timer);
  }
}
