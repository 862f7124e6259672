import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection';
import type { EnvelopePath, Peer } from '../message/message.ts';
import { DataReader } from './data.ts';
import { Deadline } from './deadline.ts';
import { Parser, writeReply } from './parser.ts';
import { peerOf } from './peer.ts';
import { nameable } from './refusal.ts';
import type { Reply } from './reply.ts';
import * as replies from './reply.ts';
import type { Surroundings } from './surroundings.ts';
import { addRecipient, type Greeting, readGreeting, startTransaction, type Transaction } from './transaction.ts';

const NO_WARNINGS: readonly string[] = Object.freeze([]);
/** So many refusals of one connection are told to the log. */
const REFUSALS_TOLD = 20;

/**
 * A session of smtp-server that takes everything and keeps it as sent.
 *
 * Only this file and `parser.ts` know the inside of the library. They stand on these members, which have no options:
 * - `init` waits 100 ms before the greeting, to catch spammers: here it does not wait;
 * - `handler_MAIL` and `handler_RCPT` rewrite punycode, drop repeated recipients and refuse what apps do send;
 * - `handler_DATA` and the parser's `_feedDataStream` emit a chunk per doubled dot: `DataReader` takes their place;
 * - `send` does not write to a client that has closed its own side, though it still listens;
 * - `_onCommand`, `_resetSession` and `close` tell when a command starts, a transaction ends, the connection ends;
 *   `_armTimeout` is given the socket of TLS when its handshake begins, and else keeps time: here `Deadline` does.
 */
export class Connection extends SMTPConnection {
  readonly #around: Surroundings;
  #transaction: Transaction | null = null;
  #greeting: Greeting = { name: null, warnings: [] };
  /** What a refusal that is told to the log was for; null when the log is told elsewhere. */
  #command: Buffer | 'AUTH' | 'DATA' | null = null;
  #refusals = 0;
  #stage: 'commands' | 'data' | 'storing' = 'commands';
  /** Only a finished command or mail starts it again, so a trickle of octets can't hold a connection. */
  readonly #deadline = new Deadline(() => {
    // Storing has a deadline of its own.
    if (this.#stage !== 'storing') this.#end(replies.waitedTooLong);
  });
  /** What is known of the client, once a mail has come. */
  #peer: Peer | null = null;
  #leaving = false;
  /** The socket, or the one of TLS on top of it, from the beginning of the handshake on. */
  #top: Socket;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions | undefined, around: Surroundings) {
    super(server, socket, options);
    this.#around = around;
    this.#top = socket;
    socket.once('close', () => this.#deadline.stop());
  }

  override init(): void {
    this._setListeners(() => {
      if (this._server.connections.size > this.#around.maxClients) return this.#answer(replies.tooManyConnections);
      this.#deadline.restart(this.#around.commandTime);
      this.connectionReady();
    });
  }

  /** Says goodbye now, or as soon as the mail that is coming in has its answer. */
  leave(): void {
    this.#leaving = true;
    if (this.#stage === 'commands') this.#end(replies.shuttingDown);
  }

  destroy(): void {
    this.#top.destroy();
  }

  override close(): void {
    super.close();
    this.#deadline.stop();
  }

  // Called by the constructor of the library, before there are any private fields.
  override _createParser(): Parser {
    const parser = new Parser({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command, next) => this._onCommand(command, next);
    parser.on('error', (error) => this.send(421, error.message, '5.5.2'));
    // The client has said all it wanted; it has had its answers by now.
    parser.on('finish', () => this.close());
    return parser;
  }

  // The one sign of life that the socket of a STARTTLS handshake gives before the handshake is done. The library's own
  // clock starts again at every octet: it would hold nobody up, and cost time at each of them.
  override _armTimeout(socket?: Socket): void {
    if (socket) this.#top = socket;
  }

  override upgrade(next: () => void, secured?: () => void): void {
    if (this._socket.destroyed) return next();
    // The 220 goes out before TLS takes the socket.
    this._socket.uncork();
    super.upgrade(next, secured);
  }

  override _onCommand(command: Buffer, next?: () => void): void {
    this.#command = this._nextHandler ? 'AUTH' : command;
    this.#deadline.restart(this.#around.commandTime);
    const handler = this.#usualHandler(command);
    if (handler === null || next === undefined) {
      // Whatever it is may change what is known of the client.
      this.#peer = null;
      return super._onCommand(command, next);
    }
    this._handlerPending = true;
    handler.call(this, command, () => {
      this._handlerPending = false;
      this._whenWritable(next);
    });
  }

  /** What every session says goes straight to its handler: the library's way there takes longer than they do. */
  #usualHandler(command: Buffer): ((command: Buffer, next: () => void) => void) | null {
    if (this._upgrading || this._server._closeTimeout || !this._ready || this._nextHandler) return null;
    const verb = command.toString('latin1', 0, 5);
    if (verb === 'EHLO ') return this.handler_EHLO;
    if (!this.hostNameAppearsAs) return null;
    if (verb === 'MAIL ') return this.handler_MAIL;
    if (verb === 'RCPT ') return this.handler_RCPT;
    if (verb === 'DATA') return this.handler_DATA;
    return verb === 'QUIT' ? this.handler_QUIT : null;
  }

  override handler_EHLO(command: Buffer, next: () => void): void {
    this.openingCommand = 'EHLO';
    super.handler_EHLO(this.#greet('EHLO', command), next);
  }

  override handler_HELO(command: Buffer, next: () => void): void {
    super.handler_HELO(this.#greet('HELO', command), next);
  }

  override handler_MAIL(command: Buffer, next: () => void): void {
    const started =
      this.#transaction === null
        ? startTransaction(command, this.#greeting, this.#around.maxOctets)
        : replies.nestedMail;
    if ('from' in started) this.#transaction = started;
    this.#answer('from' in started ? replies.senderOk : started);
    next();
  }

  override handler_RCPT(command: Buffer, next: () => void): void {
    const transaction = this.#transaction;
    this.#answer(transaction ? addRecipient(transaction, command, this.#around.maxRecipients) : replies.noMail);
    next();
  }

  override handler_DATA(_command: Buffer, next: () => void): void {
    const transaction = this.#transaction;
    const parser = this._parser;
    if (transaction === null || transaction.to.length === 0 || !(parser instanceof Parser)) {
      this.#answer(transaction === null ? replies.noMail : replies.noRecipient);
      return next();
    }
    this.#stage = 'data';
    this.#deadline.restart(this.#around.dataTime);
    const reader = new DataReader(this.#around.maxOctets);
    parser.readData(reader, () => this.#received(transaction, reader));
    this.send(354, 'End data with <CR><LF>.<CR><LF>');
    next();
  }

  override _resetSession(): void {
    super._resetSession();
    this.#transaction = null;
  }

  /** @param context `false` for no enhanced status code, an enhanced status code, or a name that the library has for one */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const status = context && /^[245]\.\d+\.\d+$/.test(context) ? context : this._getEnhancedStatusCode(code, context);
    const text = replies.format(code, status, Array.isArray(data) ? data : [data ?? '']);
    // During a handshake this would be plaintext among the records of TLS.
    if (!this._upgrading && this._socket.writable) writeReply(this._socket, this._parser, text);
    if (code >= 400 && this.#command !== null && ++this.#refusals <= REFUSALS_TOLD)
      this.#around.refused({ peer: this.remoteAddress, command: nameable(this.#command), reply: text.trimEnd() });
    if (code === 421) this.close();
  }

  #answer(reply: Reply): void {
    this.send(reply.code, reply.text, reply.status);
  }

  /** Ends the connection without waiting for the client to close its side. */
  #end(reply: Reply): void {
    // Nothing can be said during a handshake. It is ended from the top: the library's authors saw Node crash otherwise.
    if (this._upgrading) return this.destroy();
    // An idle client that is sent away has done nothing wrong.
    if (this.#stage === 'commands') this.#command = null;
    this.#answer(reply);
    this.#top.destroySoon();
  }

  /** @returns a greeting that the library takes, whatever the client calls itself */
  #greet(verb: 'EHLO' | 'HELO', command: Buffer): Buffer {
    const { greeting, line, acceptable } = readGreeting(verb, command);
    if (acceptable) this.#greeting = greeting;
    this.#peer = null;
    return line;
  }

  async #received({ from, to, warnings }: Transaction, reader: DataReader): Promise<void> {
    this.#stage = 'storing';
    if (reader.undoubledDot)
      warnings.add('A line begins with a dot that was not doubled; other servers take it away (RFC 5321 §4.5.2).');
    const reply = reader.tooLarge
      ? replies.tooLarge(this.#around.maxOctets)
      : await this.#around.accept({
          raw: reader.octets(),
          envelope: { from, to },
          peer: this.#peerOf(from),
          receivedAt: this.#around.now(),
          warnings: warnings.size === 0 ? NO_WARNINGS : [...warnings],
        });
    this.#stage = 'commands';
    // Whoever could not store it has told the log.
    this.#command = reader.tooLarge ? 'DATA' : null;
    this.#answer(reply);
    this._unrecognizedCommands = 0;
    // What the library itself has to forget, it has never heard of.
    this.#transaction = null;
    if (this.#leaving) this.leave();
    else this.#deadline.restart(this.#around.commandTime);
  }

  /** The same for all mails of a session, as long as nothing but mails comes. */
  #peerOf(from: EnvelopePath): Peer {
    const utf8 = from.parameters['SMTPUTF8'] !== undefined;
    if (this.#peer !== null && !utf8) return this.#peer;
    const user: unknown = this.session.user?.username;
    const peer = peerOf({
      socket: this._socket,
      address: this.remoteAddress,
      port: this.remotePort,
      helo: this.#greeting.name,
      extended: this.openingCommand === 'EHLO',
      utf8,
      username: typeof user === 'string' ? user : null,
    });
    if (!utf8) this.#peer = peer;
    return peer;
  }
}
