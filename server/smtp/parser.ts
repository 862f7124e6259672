import type { Socket } from 'node:net';
import { SMTPStream } from 'smtp-server/lib/smtp-stream';
import { strangerIn } from '../net/stranger.ts';
import type { DataReader } from './data.ts';

const LF = 0x0a;

/** The command parser of smtp-server, with another reader for the data. */
export class Parser extends SMTPStream {
  #reader: DataReader | null = null;
  #received: () => Promise<void> = async () => {};
  #begun = false;
  /** Called instead of reading on when the client begins with TLS. */
  onstranger: () => void = () => {};
  /** More has come than the command that is being answered: replies are worth gathering. */
  pipelined = false;

  override _write(chunk: Buffer, encoding: BufferEncoding | 'buffer', done: (error?: Error | null) => void): void {
    if (!this.#begun && strangerIn(chunk.toString('latin1', 0, 2)) === 'TLS') {
      this.onstranger();
      return done();
    }
    this.#begun = true;
    if (!this._dataMode) this.pipelined = chunk.indexOf(LF) !== chunk.length - 1;
    super._write(chunk, encoding, done);
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
    this.#received().then(() => this._write(rest, 'buffer', done), done);
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
