import type { Socket } from 'node:net';
import { SMTPStream } from 'smtp-server/lib/smtp-stream';
import { strangerIn } from '../net/stranger.ts';
import type { DataReader } from './data.ts';

const LF = 0x0a;
/** Octets of commands passed to the library at a time: after each mail it copies the rest of them, twice. */
const COMMANDS_AT_ONCE = 1024;
/** Octets of input that cost about as much as a command, and as storing a mail. */
const COMMAND = 512;
const MAIL = 4096;

interface ParserOptions {
  /** The longest line, in octets. */
  readonly maxCommandLength: number;
  /** Does work that costs as much as this many octets of input, at once or when it is its turn. */
  readonly share: (octets: number, work: () => void) => void;
  /** @param next continues reading; missing if the client has closed its side */
  readonly obey: (command: Buffer, next?: () => void) => void;
}

/**
 * smtp-server's command parser with our own reader for the data. However much a client sends at once, others get their
 * turn in between.
 */
export class Parser extends SMTPStream {
  readonly #share: ParserOptions['share'];
  #reader: DataReader | null = null;
  #received: () => Promise<void> = async () => {};
  #begun = false;
  /** Called, instead of reading on, if the client starts with TLS. */
  onstranger: () => void = () => {};
  /** More input than the current command has arrived, so it is worth collecting replies. */
  pipelined = false;

  constructor({ maxCommandLength, share, obey }: ParserOptions) {
    super({ maxCommandLength });
    this.#share = share;
    this.oncommand = (command, next) => {
      if (next === undefined) return obey(command);
      // The connection may be closed by its turn.
      share(COMMAND, () => (this.isClosed ? next() : obey(command, next)));
    };
  }

  override _write(chunk: Buffer, encoding: BufferEncoding | 'buffer', done: (error?: Error | null) => void): void {
    if (!this.#begun && strangerIn(chunk.toString('latin1', 0, 2)) === 'TLS') {
      this.onstranger();
      return done();
    }
    this.#begun = true;
    if (this._dataMode) return this.#share(chunk.length, () => super._write(chunk, encoding, done));
    this.pipelined = chunk.indexOf(LF) !== chunk.length - 1;
    if (chunk.length <= COMMANDS_AT_ONCE) return super._write(chunk, encoding, done);
    const rest = chunk.subarray(COMMANDS_AT_ONCE);
    super._write(chunk.subarray(0, COMMANDS_AT_ONCE), encoding, (error) =>
      error ? done(error) : this._write(rest, encoding, done),
    );
  }

  /** Reads the next octets as data. When it is complete, `received` replies; only then is the next command read. */
  readData(reader: DataReader, received: () => Promise<void>): void {
    this.#reader = reader;
    this.#received = received;
    this._dataMode = true;
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const rest = this.isClosed ? null : (this.#reader?.push(chunk) ?? null);
    if (rest === null) return done();
    this.#reader = null;
    this._dataMode = false;
    this.pipelined = rest.length > 0;
    this.#received().then(() => this.#share(MAIL, () => this._write(rest, 'buffer', done)), done);
  }
}

/** Replies to commands that came in one packet go out in one packet (RFC 2920 §3.2). */
export function writeReply(socket: Socket, parser: unknown, text: string): void {
  if (socket.writableCorked === 0 && parser instanceof Parser && parser.pipelined) {
    socket.cork();
    process.nextTick(() => socket.uncork());
  }
  socket.write(text);
}
