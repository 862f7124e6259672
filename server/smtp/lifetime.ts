import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection';
import { type BadEnd, nameOf, reasonOfEnd } from '../net/bad-ends.ts';
import { HandshakeWatch } from '../net/handshake.ts';
import { type Recording, tlsVersion } from '../net/sessions.ts';
import type { Stranger } from '../net/stranger.ts';
import { Deadline } from './deadline.ts';
import { badEndOf, type Stage, strangeReason } from './ending.ts';
import type { Reply } from './reply.ts';
import * as replies from './reply.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * How a session of smtp-server begins and ends: with our own deadlines, and a log line if it ends badly. The dialogue
 * in between is in `connection.ts`, which lists the library members that both rely on.
 */
export abstract class Lifetime extends SMTPConnection {
  protected readonly around: Surroundings;
  /** What it is busy with; `_upgrading` marks a handshake. */
  protected stage: Exclude<Stage, 'handshake'> = 'commands';
  /** Restarted only by a finished command or mail, so that a trickle of octets can't hold a connection open. */
  protected readonly deadline = new Deadline(() => {
    // Storing has its own deadline.
    if (this.stage !== 'storing') this.#giveUp();
  });
  /** The server is stopping: say goodbye once the incoming mail has its reply. */
  protected leaving = false;
  /** Don't log the end: the client sent QUIT, the server is stopping, or it is already logged. */
  protected quiet = false;
  protected readonly recording: Recording;
  #handshake: HandshakeWatch | null = null;
  #why: Pick<BadEnd, 'reason' | 'code'> | null = null;
  #error: Error | null = null;
  /** The accepted socket: it counts the received octets. */
  readonly #bottom: Socket;
  /** The same, or from the start of the handshake on, the TLS socket on top of it. */
  #top: Socket;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions | undefined, around: Surroundings) {
    super(server, socket, options);
    this.around = around;
    this.#top = this.#bottom = socket;
    this.recording = around.sessions.begin(around.protocol, nameOf(socket), tlsVersion(socket));
  }

  /** Sends a reply that answers no command. */
  protected abstract tell(reply: Reply): void;
  /** Octets received of the incoming mail. */
  protected abstract get octets(): number;

  override init(): void {
    this._setListeners(() => {
      const { descriptors, maxClients, commandTime } = this.around;
      // The shortage of descriptors is already logged.
      if (descriptors.refuses(this.#bottom)) return this.#end(replies.tooManyConnections, null);
      if (this._server.connections.size > maxClients) return this.#end(replies.tooManyConnections);
      this.deadline.restart(commandTime);
      this.connectionReady();
    });
  }

  /** Null without AUTH. */
  protected get username(): string | null {
    const username: unknown = this.session.user?.username;
    return typeof username === 'string' ? username : null;
  }

  /** Says goodbye now, or as soon as the incoming mail has its reply. */
  leave(): void {
    this.leaving = true;
    if (this.stage === 'commands' || this.stage === 'transaction') this.#end(replies.shuttingDown, null);
  }

  destroy(): void {
    this.#top.destroy();
  }

  override handler_QUIT(command: Buffer, next: () => void): void {
    this.quiet = true;
    super.handler_QUIT(command, next);
  }

  override close(): void {
    super.close();
    this.deadline.stop();
  }

  override _onError(error: Error): void {
    this.#error ??= error;
    // The socket closes by itself, and the end is logged then.
    this.close();
  }

  override _onClose(): void {
    super._onClose();
    this.deadline.stop();
    this.emit('gone');
    const handshake = this._upgrading ? this.#handshake : null;
    const end = badEndOf({
      stage: handshake ? 'handshake' : this.stage,
      why: this.#why ?? handshake?.failure ?? null,
      error: this.#error,
      silent: this.#bottom.bytesRead === 0,
      octets: this.octets,
    });
    const isLost = end !== null && !this.quiet && !this.leaving;
    if (isLost) this.around.lost({ peer: `${this.remoteAddress}:${this.remotePort}`, ...end });
    this.recording.end(isLost ? reasonOfEnd(end) : null);
    this.quiet = true;
  }

  // The only hook on the socket of a STARTTLS handshake before the handshake is done. The library's own timer restarts
  // at every octet, so it would stop no slow client, and each restart costs time.
  override _armTimeout(socket?: Socket): void {
    if (!(socket instanceof TLSSocket)) return;
    this.#top = socket;
    this.#handshake = new HandshakeWatch(socket, this.around.handshakeTime);
  }

  override upgrade(next: () => void, secured?: () => void): void {
    if (this._socket.destroyed) return next();
    // The 220 must go out before TLS takes over the socket.
    this._socket.uncork();
    super.upgrade(next, () => {
      this.recording.secured(tlsVersion(this._socket));
      secured?.();
    });
  }

  /** Ends a connection that speaks another protocol. Otherwise a web page could make a browser send mail. */
  protected refuse(stranger: Stranger): void {
    const reason = strangeReason(stranger, this.around.tls);
    if (stranger === 'HTTP') return this.#end(replies.notHttp, reason);
    // A client that speaks TLS could not read a reply.
    this.#why = { reason };
    this.close();
    this.#top.destroySoon();
  }

  /** Ends the connection after a line over the limit: it is unknown where the next line begins. */
  protected refuseLongLine(limit: number): void {
    this.#end(replies.lineTooLong(limit), `a line was longer than ${limit} octets`);
  }

  #giveUp(): void {
    const { commandTime, dataTime } = this.around;
    const [what, time] = this.stage === 'data' ? ['the end of the mail', dataTime] : ['a command', commandTime];
    this.#end(replies.waitedTooLong, `${what} did not come within ${time / 1000} s`);
  }

  /**
   * Ends the connection without waiting for the client to close its side.
   * @param reason for the log; null if there is nothing to log
   */
  #end(reply: Reply, reason: string | null = reply.text): void {
    if (reason === null) this.quiet = true;
    else this.#why ??= { reason };
    // No reply is possible during a handshake. Destroy the TLS socket: the library's authors saw Node crash otherwise.
    if (this._upgrading) return this.destroy();
    this.tell(reply);
    this.#top.destroySoon();
  }
}
