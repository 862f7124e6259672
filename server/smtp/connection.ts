import { NO_WARNINGS, type Warning } from '../../wire/warning.ts';
import type { EnvelopePath, Peer } from '../message/message.ts';
import { strangerIn } from '../net/stranger.ts';
import { DataReader } from './data.ts';
import { Lifetime } from './lifetime.ts';
import { addressIn, masked, nameable } from './parameters.ts';
import { Parser, writeReply } from './parser.ts';
import { peerOf } from './peer.ts';
import type { Reply } from './reply.ts';
import * as replies from './reply.ts';
import {
  AUTH_IN_TRANSACTION,
  addRecipient,
  addRefusal,
  addWarning,
  DOT_NOT_DOUBLED,
  type Greeting,
  readGreeting,
  startTransaction,
  type Transaction,
  warningsOf,
  warnOfSize,
} from './transaction.ts';

/** How many rejections per connection are logged. */
const REFUSALS_TOLD = 20;
/** The longest command line, in octets: some AUTH tokens take several KB. */
const MAX_LINE = 16 * 1024;

/**
 * A session of smtp-server that accepts everything and keeps it as sent.
 *
 * Only this file, `lifetime.ts`, `parser.ts` and `server.ts` know the internals of the library. `members.ts` lists the
 * members they rely on, and checks at the start that they exist. The library has no options for this:
 * - `init` waits 100 ms before the greeting, to catch spammers: here it does not wait;
 * - `handler_MAIL` and `handler_RCPT` rewrite punycode, drop repeated recipients and reject what real apps send;
 * - `handler_DATA` and the parser's `_feedDataStream` emit a chunk per doubled dot: `DataReader` replaces them;
 * - `send` does not write to a client that has closed its own side, though it still reads;
 * - `_onCommand`, `_resetSession`, `close` and `_onClose` show when a command starts, a transaction ends, the
 *   connection ends and is gone; `_onError` gets the errors of its socket;
 * - `_armTimeout` is passed the TLS socket when its handshake begins; its other job, timeouts, is done by `Deadline`.
 */
export class Connection extends Lifetime {
  #transaction: Transaction | null = null;
  #greeting: Greeting = { name: null, warnings: NO_WARNINGS };
  /** Recipients rejected since the last mail. */
  #refusedRecipients: Warning[] = [];
  /** The command to log if it is rejected; null if the rejection is logged elsewhere. */
  #command: Buffer | 'AUTH' | 'DATA' | null = null;
  /** The client's details, once a mail has come. */
  #peer: Peer | null = null;
  /** Reads the incoming mail. */
  #reader: DataReader | null = null;

  protected override get octets(): number {
    return this.#reader?.size ?? 0;
  }

  // Called by the library's constructor, before any private fields exist.
  override _createParser(): Parser {
    const parser = new Parser({
      maxCommandLength: MAX_LINE,
      share: (octets, work) => this.around.slices.share(octets, work),
      obey: (command, next) => this._onCommand(command, next),
    });
    parser.onstranger = () => this.refuse('TLS');
    parser.on('error', () => this.refuseLongLine(MAX_LINE));
    // The client has sent everything, and by now it has its replies.
    parser.on('finish', () => this.close());
    return parser;
  }

  override _onCommand(command: Buffer, next?: () => void): void {
    this.#command = this._nextHandler ? 'AUTH' : command;
    this.deadline.restart(this.around.commandTime);
    if (!this._upgrading && strangerIn(command.toString('latin1')) === 'HTTP') return this.refuse('HTTP');
    if (!this._upgrading) this.recording.client(this._nextHandler ? '[credentials]' : masked(command));
    const handler = this.#usualHandler(command);
    if (handler === null || next === undefined) {
      // Any other command may change the client's details.
      this.#peer = null;
      if (this.#transaction !== null && nameable(command) === 'AUTH')
        addWarning(this.#transaction, AUTH_IN_TRANSACTION);
      return super._onCommand(command, next);
    }
    this._handlerPending = true;
    handler.call(this, command, () => {
      this._handlerPending = false;
      this._whenWritable(next);
    });
  }

  /** Common commands go straight to their handlers: the library's dispatch takes longer than the handlers do. */
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

  override handler_STARTTLS(command: Buffer, next: () => void): void {
    if (this.around.tls || this.secure) return super.handler_STARTTLS(command, next);
    this.#answer(replies.tlsIsOff);
    next();
  }

  override handler_MAIL(command: Buffer, next: () => void): void {
    const started =
      this.#transaction === null
        ? startTransaction(command, this.#greeting, this.around.maxOctets)
        : replies.nestedMail;
    if ('from' in started) {
      this.#transaction = started;
      this.stage = 'transaction';
    }
    this.recording.username = this.username;
    this.recording.from = addressIn(command);
    this.#answer('from' in started ? replies.senderOk : started);
    next();
  }

  override handler_RCPT(command: Buffer, next: () => void): void {
    const transaction = this.#transaction;
    const reply = transaction ? addRecipient(transaction, command, this.around.maxRecipients) : replies.noMail;
    if (reply.code >= 400) addRefusal(this.#refusedRecipients, nameable(command), reply);
    this.recording.recipient(addressIn(command));
    this.#answer(reply);
    next();
  }

  override handler_DATA(_command: Buffer, next: () => void): void {
    const transaction = this.#transaction;
    const parser = this._parser;
    if (transaction === null || transaction.to.length === 0 || !(parser instanceof Parser)) {
      this.#answer(transaction === null ? replies.noMail : replies.noRecipient);
      return next();
    }
    this.stage = 'data';
    this.deadline.restart(this.around.dataTime);
    const reader = new DataReader(this.around.maxOctets);
    this.#reader = reader;
    parser.readData(reader, () => this.#received(transaction, reader));
    this.send(354, 'End data with <CR><LF>.<CR><LF>');
    next();
  }

  override _resetSession(): void {
    super._resetSession();
    this.#transaction = null;
    this.stage = 'commands';
  }

  /** @param context `false` for no enhanced status code, a status code, or the library's name for one */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const status = context && /^[245]\.\d+\.\d+$/.test(context) ? context : this._getEnhancedStatusCode(code, context);
    const text = replies.format(code, status, Array.isArray(data) ? data : [data ?? '']);
    // During a handshake this would be plaintext among the TLS records.
    if (!this._upgrading && this._socket.writable) {
      writeReply(this._socket, this._parser, text);
      this.recording.server(text);
    }
    if (code >= 400 && this.#command !== null) {
      const refusal = { command: nameable(this.#command), reply: text.trimEnd() };
      if (this.recording.refused(refusal) <= REFUSALS_TOLD)
        this.around.refused({ peer: this.remoteAddress, session: this.recording.id, ...refusal });
    }
    if (code === 421) this.close();
  }

  #answer(reply: Reply): void {
    this.send(reply.code, reply.text, reply.status);
  }

  protected override tell(reply: Reply): void {
    // This is not the rejection of a command.
    this.#command = null;
    this.#answer(reply);
  }

  /** @returns a greeting that the library accepts, whatever name the client gives */
  #greet(verb: 'EHLO' | 'HELO', command: Buffer): Buffer {
    const { greeting, line, acceptable } = readGreeting(verb, command);
    if (acceptable) this.#greeting = greeting;
    this.recording.helo = greeting.name;
    this.#peer = null;
    return line;
  }

  async #received(transaction: Transaction, reader: DataReader): Promise<void> {
    this.stage = 'storing';
    const { from, to } = transaction;
    warnOfSize(transaction, reader.size);
    if (reader.undoubledDot) addWarning(transaction, DOT_NOT_DOUBLED);
    for (const refused of this.#refusedRecipients.splice(0)) addWarning(transaction, refused);
    this.recording.client(`[mail of ${reader.size} octets]`);
    const { reply, id } = reader.tooLarge
      ? { reply: replies.tooLarge(this.around.maxOctets), id: null }
      : await this.around.accept({
          raw: await this.around.slices.run(reader.octets()),
          envelope: { from, to },
          peer: this.#peerOf(from),
          receivedAt: this.around.now(),
          warnings: warningsOf(transaction),
        });
    if (id !== null) this.recording.accepted(id);
    this.stage = 'commands';
    this.#reader = null;
    // If it could not be stored, that is already logged.
    this.#command = reader.tooLarge ? 'DATA' : null;
    if (id === null && !reader.tooLarge)
      this.recording.refused({ command: 'DATA', reply: `${reply.code} ${reply.text}` });
    this.#answer(reply);
    this._unrecognizedCommands = 0;
    // The library never saw the transaction, so it has nothing to reset.
    this.#transaction = null;
    if (this.leaving) this.leave();
    else this.deadline.restart(this.around.commandTime);
  }

  /** The same for all mails of a session, as long as only mails are sent. */
  #peerOf(from: EnvelopePath): Peer {
    const utf8 = from.parameters['SMTPUTF8'] !== undefined;
    if (this.#peer !== null && !utf8) return this.#peer;
    const peer = peerOf({
      socket: this._socket,
      address: this.remoteAddress,
      port: this.remotePort,
      helo: this.#greeting.name,
      extended: this.openingCommand === 'EHLO',
      utf8,
      username: this.username,
    });
    if (!utf8) this.#peer = peer;
    return peer;
  }
}
