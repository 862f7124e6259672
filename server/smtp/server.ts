import { once } from 'node:events';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection';
import { MailstopError } from '../../wire/errors.ts';
import type { Log } from '../log.ts';
import type { Deliver } from '../message/message.ts';
import { BadEnds, nameOf, reasonOfError } from '../net/bad-ends.ts';
import { descriptorGuard } from '../net/descriptors.ts';
import { HANDSHAKE_MS, HandshakeWatch } from '../net/handshake.ts';
import { type Listening, type ListenOptions, listen } from '../net/listen.ts';
import { Slices } from '../net/slices.ts';
import type { TlsMaterial } from '../net/tls.ts';
import { acceptBy } from './accept.ts';
import { Connection } from './connection.ts';
import { checkMembers } from './members.ts';
import type { Refusal, Surroundings } from './surroundings.ts';

export interface SmtpOptions extends ListenOptions {
  /** Largest mail that is taken, in octets. */
  readonly maxOctets: number;
  readonly log: Log;
  readonly now: () => Date;
  /** With it, STARTTLS is offered; without it, not. */
  readonly tls?: TlsMaterial | null;
  /** TLS from the first octet (RFC 8314 §3.3); needs `tls`. */
  readonly implicitTls?: boolean;
  readonly maxRecipients?: number;
  readonly maxClients?: number;
  /** Hears of every command that is refused. */
  readonly refused?: (refusal: Refusal) => void;
  readonly times?: Partial<SmtpTimes>;
}

/** How long things may take, in milliseconds. */
export interface SmtpTimes {
  /** From one command to the next. */
  readonly command: number;
  /** From DATA to the end of the mail. */
  readonly data: number;
  /** Until a TLS handshake is done. */
  readonly handshake: number;
  /** Until the mail is stored; then the client is told to try again. */
  readonly deliver: number;
  /** How long mails that are coming in are waited for when the server stops. */
  readonly grace: number;
}

const TIMES: SmtpTimes = {
  command: 5 * 60_000,
  data: 10 * 60_000,
  handshake: HANDSHAKE_MS,
  deliver: 60_000,
  grace: 2000,
};

/**
 * Takes every mail for whatever address, and hands it to `deliver`.
 *
 * RFC 5321 with PIPELINING (2920), 8BITMIME (6152), SIZE (1870), SMTPUTF8 (6531), ENHANCEDSTATUSCODES (2034),
 * DSN (3461), AUTH (4954) with any credentials, and STARTTLS (3207).
 *
 * @throws {MailstopError} `cannot-listen`, also when the library lacks what is relied on; `bad-config` when TLS is asked for without a certificate
 */
export async function startSmtp(deliver: Deliver, options: SmtpOptions): Promise<Listening> {
  checkMembers();
  const { log, tls = null, implicitTls = false, maxClients = 20_000 } = options;
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
    slices: new Slices(),
    accept: accepting.accept,
    refused: (refusal) => {
      log.warn('smtp refused', { ...refusal });
      options.refused?.(refusal);
    },
    crowded: descriptorGuard(log),
    lost: (end) => lost.add(end),
  });
  // Of the server itself, of which there may be many: of connections `lost` hears.
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
    // A client that has sent everything and closed its side still gets its answers.
    allowHalfOpen: true,
    // The library's clock starts again at every octet; `Connection` and `HandshakeWatch` have their own.
    socketTimeout: 2 ** 31 - 1,
    logger: false,
    secure: implicitTls,
    ...(tls === null ? {} : { key: tls.key, cert: tls.cert }),
    // Answered at once, so that a client that talks before the greeting is served, too.
    onConnect: (_session, next) => next(),
    onSecure: (_socket, _session, next) => next(),
    // Any credentials will do. The password stays here.
    onAuth: ({ username = '' }, _session, next) => next(null, { user: { username } }),
  };
}

/** smtp-server with connections of our own. */
class CatchAll extends SMTPServer {
  readonly #around: Surroundings;
  /** Also those that the library has said goodbye to, until their sockets are gone. */
  readonly #open = new Set<Connection>();
  #sessions = 0;
  #stopped: Promise<void> | null = null;

  constructor(options: SMTPServerOptions, around: Surroundings) {
    super(options);
    this.#around = around;
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions): void {
    if (this.#stopped) return void socket.destroy();
    // An id that is given need not be drawn from the random numbers of the system, which takes its time.
    const connection = new Connection(this, socket, { ...options, id: `${++this.#sessions}` }, this.#around);
    this.#open.add(connection);
    connection.once('gone', () => this.#open.delete(connection));
    this.connections.add(connection);
    connection.init();
  }

  // No header of a PROXY protocol is waited for. The library draws a random number and waits for a turn to say so, which
  // whoever opens a connection for each mail pays each time.
  override _handleProxy(_socket: Socket, done: (error: Error | null) => void): void {
    done(null);
  }

  // Called by the library's constructor. Without a certificate of ours it would load its own, which nobody asks for
  // when STARTTLS is off, and which takes longer than all the rest of a start.
  override updateSecureContext(): void {
    if (this.options.key === undefined) this.secureContext = new Map();
    else super.updateSecureContext();
  }

  // TLS from the first octet: before the handshake is done there is no connection yet that could watch over it.
  override _upgrade(socket: Socket, done: (error: Error | null, secured?: TLSSocket) => void): void {
    const { crowded, handshakeTime, lost } = this.#around;
    // TLS on top of a socket that is gone already brings Node down, and the library gets here one turn after `accept`.
    if (socket.destroyed || crowded(socket)) return void socket.destroy();
    const peer = nameOf(socket);
    // The library tells of a failure as of an error of the server, which it isn't.
    super._upgrade(socket, (error, secured) => (error ? socket.destroy() : done(null, secured)));
    const secured = this._pendingSockets.get(socket);
    if (!(secured instanceof TLSSocket)) return;
    const watch = new HandshakeWatch(secured, handshakeTime);
    watch.done.then((success) => {
      // Who leaves without a word may have looked whether the port is open.
      if (success || this.#stopped || (socket.bytesRead === 0 && !watch.late)) return;
      lost({ peer, stage: 'TLS handshake', ...watch.failure });
    });
  }

  /** Takes no new connections; the open ones may finish the mail they are in, within `grace` milliseconds. */
  stop(grace: number): Promise<void> {
    this.#stopped ??= this.#stop(grace);
    return this.#stopped;
  }

  async #stop(grace: number): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    // From the top: the library's authors saw Node crash when the socket was taken from under a handshake.
    for (const socket of this._pendingSockets.values()) socket.destroy();
    for (const connection of this.#open) connection.leave();
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.destroy();
    }, grace);
    await closed;
    clearTimeout(timer);
  }
}
