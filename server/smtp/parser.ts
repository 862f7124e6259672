import type { Socket } from 'node:net';
import { SMTPStream } from 'smtp-server/lib/smtp-stream';
import { strangerIn } from '../net/stranger.ts';
import type { DataReader } from './data.ts';

const LF = 0x0a;
/** Octets of commands given to the library at a time: after each mail it copies the rest of them, twice. */
const COMMANDS_AT_ONCE = 1024;
/** Octets of input that cost about as much as a command, and as storing a mail. */
const COMMAND = 512;
const MAIL = 4096;

interface ParserOptions {
  /** The longest line, in octets. */
  readonly maxCommandLength: number;
  /** Does a piece of work that costs as much as so many octets of input, at once or when it is its turn. */
  readonly share: (octets: number, work: () => void) => void;
  /** @param next reads on; absent when the client has closed its side */
  readonly obey: (command: Buffer, next?: () => void) => void;
}

/**
 * The command parser of smtp-server, with another reader for the data. However much a client sends at once, others get
 * their turn in between.
 */
export class Parser extends SMTPStream {
  readonly #share: ParserOptions['share'];
  #reader: DataReader | null = null;
  #received: () => Promise<void> = async () => {};
  #begun = false;
  /** Called instead of reading on when the client begins with TLS. */
  onstranger: () => void = () => {};
  /** More has come than the command that is being answered: replies are worth gathering. */
  pipelined = false;

  constructor({ maxCommandLength, share, obey }: ParserOptions) {
    super({ maxCommandLength });
    this.#share = share;
    this.oncommand = (command, next) => {
      if (next === undefined) return obey(command);
      // The connection may be closed by the time it is its turn.
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

  /** The next octets are data. When all have come, `received` answers; only then the next command is read. */
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

/** Answers to commands that came in one packet go back in one (RFC 2920 §3.2). */
export function writeReply(socket: Socket, parser: unknown, text: string): void {
  if (socket.writableCorked === 0 && parser instanceof Parser && parser.pipelined) {
    socket.cork();
    process.nextTick(() => socket.uncork());
  }
  socket.write(text);
}
