import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection';
import type { BadEnd } from '../net/bad-ends.ts';
import { HandshakeWatch } from '../net/handshake.ts';
import type { Stranger } from '../net/stranger.ts';
import { Deadline } from './deadline.ts';
import { badEndOf, type Stage, strangeReason } from './ending.ts';
import type { Reply } from './reply.ts';
import * as replies from './reply.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * How a session of smtp-server begins and ends: with deadlines of our own, and with a line in the log when it ends
 * badly. What is said in between is in `connection.ts`, which names the library's members that both rely on.
 */
export abstract class Lifetime extends SMTPConnection {
  protected readonly around: Surroundings;
  /** What it is busy with; a handshake is known by `_upgrading`. */
  protected stage: Exclude<Stage, 'handshake'> = 'commands';
  /** Only a finished command or mail starts it again, so a trickle of octets can't hold a connection. */
  protected readonly deadline = new Deadline(() => {
    // Storing has its own deadline.
    if (this.stage !== 'storing') this.#giveUp();
  });
  /** The server stops: goodbye, once the mail that is coming in has its answer. */
  protected leaving = false;
  /** Whose end needs no words: the client has said QUIT, the server stops, or the log knows already. */
  protected quiet = false;
  #handshake: HandshakeWatch | null = null;
  #why: Pick<BadEnd, 'reason' | 'code'> | null = null;
  #error: Error | null = null;
  /** The socket that was accepted: it counts what has come. */
  readonly #bottom: Socket;
  /** The same, or the one of TLS on top of it, from the beginning of the handshake on. */
  #top: Socket;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions | undefined, around: Surroundings) {
    super(server, socket, options);
    this.around = around;
    this.#top = this.#bottom = socket;
  }

  /** Says something to the client, for no command of its own. */
  protected abstract tell(reply: Reply): void;
  /** Octets of the mail that is coming in. */
  protected abstract get octets(): number;

  override init(): void {
    this._setListeners(() => {
      const { crowded, maxClients, commandTime } = this.around;
      // The log has heard of descriptors.
      if (crowded(this.#bottom)) return this.#end(replies.tooManyConnections, null);
      if (this._server.connections.size > maxClients) return this.#end(replies.tooManyConnections);
      this.deadline.restart(commandTime);
      this.connectionReady();
    });
  }

  /** Says goodbye now, or as soon as the mail that is coming in has its answer. */
  leave(): void {
    this.leaving = true;
    if (this.stage === 'commands' || this.stage === 'transaction') this.#end(replies.shuttingDown, null);
  }

  destroy(): void {
    this.#top.destroy();
  }

  override close(): void {
    super.close();
    this.deadline.stop();
  }

  override _onError(error: Error): void {
    this.#error ??= error;
    // The socket closes by itself, and then the log is told.
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
    if (end && !this.quiet && !this.leaving)
      this.around.lost({ peer: `${this.remoteAddress}:${this.remotePort}`, ...end });
    this.quiet = true;
  }

  // The one sign of life that the socket of a STARTTLS handshake gives before the handshake is done. The library's own
  // clock starts again at every octet: it would hold nobody up, and cost time at each of them.
  override _armTimeout(socket?: Socket): void {
    if (!(socket instanceof TLSSocket)) return;
    this.#top = socket;
    this.#handshake = new HandshakeWatch(socket, this.around.handshakeTime);
  }

  override upgrade(next: () => void, secured?: () => void): void {
    if (this._socket.destroyed) return next();
    // The 220 goes out before TLS takes the socket.
    this._socket.uncork();
    super.upgrade(next, secured);
  }

  /** Ends a connection that speaks something else. A web page could have a browser send mail otherwise. */
  protected refuse(stranger: Stranger): void {
    const reason = strangeReason(stranger, this.around.tls);
    if (stranger === 'HTTP') return this.#end(replies.notHttp, reason);
    // Who speaks TLS could not read an answer.
    this.#why = { reason };
    this.close();
    this.#top.destroySoon();
  }

  /** A line of more octets than are taken: where the next one begins can't be known. */
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
   * @param reason for the log; null when there is nothing to tell
   */
  #end(reply: Reply, reason: string | null = reply.text): void {
    if (reason === null) this.quiet = true;
    else this.#why ??= { reason };
    // Nothing can be said during a handshake. It is ended from the top: the library's authors saw Node crash otherwise.
    if (this._upgrading) return this.destroy();
    this.tell(reply);
    this.#top.destroySoon();
  }
}
