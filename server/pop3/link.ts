import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type Line, LineReader } from '../net/line-reader.ts';
import { CHUNK } from './reply.ts';

/** How many chunks of a long reply go out before other connections get a turn. */
const TURN = 16;

/** Does the server's side of a TLS handshake; null when it fails, or is aborted. */
export type Handshake = (socket: Socket, over: AbortSignal) => Promise<Socket | null>;

/**
 * A connection as lines in and chunks out. What is written is held back until the client is waited for, so
 * that the replies to commands that came in one packet go out in one, too. Reading stops while a line is
 * being worked on, and writing while the client does not read: neither side can make the other pile up.
 */
export class Link {
  readonly client: string;
  readonly #reader: LineReader;
  readonly #idle: NodeJS.Timeout;
  readonly #over = new AbortController();
  #socket: Socket;
  #held: Buffer[] = [];
  #heldSize = 0;
  #ended = false;
  #closed = false;
  #wake: () => void = () => {};

  /**
   * @param limit longest first line, in octets
   * @param autologout milliseconds without a line, or progress in a reply, after which the link is cut
   */
  constructor(socket: Socket, limit: number, autologout: number) {
    this.client = clientOf(socket);
    this.#socket = socket;
    this.#reader = new LineReader(limit);
    this.#idle = setTimeout(() => this.cut(), autologout);
    this.#attach(socket);
  }

  /** Aborts when no more lines will come: the link is closed, or the server stops. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The longest next line, its line end included, in octets. */
  set limit(octets: number) {
    this.#reader.limit = octets;
  }

  /** The next line; what was written goes out before it is waited for. @returns null when there is no more */
  async line(): Promise<Line | null> {
    while (!this.over.aborted) {
      const line = this.#reader.next();
      if (line !== null) {
        this.#idle.refresh();
        return line;
      }
      await this.flush();
      if (this.#ended || this.over.aborted) break;
      await this.#until(() => this.#socket.resume());
    }
    return null;
  }

  async write(chunk: Buffer): Promise<void> {
    this.#held.push(chunk);
    this.#heldSize += chunk.length;
    if (this.#heldSize >= CHUNK) await this.flush();
  }

  async writeAll(chunks: Iterable<Buffer>): Promise<void> {
    let count = 0;
    for (const chunk of chunks) {
      if (this.#closed) return;
      await this.write(chunk);
      if (++count % TURN === 0) await setImmediate();
    }
  }

  /** Sends what is held back; resolves when the client has taken enough of it. */
  async flush(): Promise<void> {
    const [first, ...more] = this.#held;
    this.#held = [];
    this.#heldSize = 0;
    if (first === undefined || this.#closed) return;
    const socket = this.#socket;
    if (socket.write(more.length === 0 ? first : Buffer.concat([first, ...more]))) return;
    await this.#until((wake) => socket.once('drain', wake));
    if (!this.#closed) this.#idle.refresh(); // a timer that was cleared would start again
  }

  /**
   * Hands the socket to a handshake. What was received and not read by now was sent without protection by
   * who knows whom, and is dropped.
   */
  async secure(handshake: Handshake): Promise<void> {
    await this.flush();
    this.#socket.off('data', this.#received).off('end', this.#finished);
    this.#reader.discard();
    const secured = await handshake(this.#socket, this.over);
    if (secured === null) return this.cut();
    this.#socket = secured;
    this.#attach(secured);
  }

  /**
   * Says goodbye: sends what is held back, and waits until the client has closed its side as well.
   * @param grace how long, in milliseconds
   */
  async close(grace: number): Promise<void> {
    await this.flush();
    const timer = setTimeout(() => this.cut(), grace);
    // Read on, or the goodbye would be lost when a client is still sending.
    this.#socket.off('data', this.#received).resume();
    this.#socket.end();
    while (!this.#closed) {
      if (this.over.aborted) this.#socket.destroySoon();
      await this.#until(() => {});
    }
    clearTimeout(timer);
  }

  /** No more lines are read; what is being answered may finish. */
  stop(): void {
    this.#over.abort();
    this.#wake();
  }

  /** Closes at once. A handshake goes first: to take the socket from under it is not safe. */
  cut(): void {
    this.stop();
    this.#socket.destroy();
  }

  readonly #received = (chunk: Buffer) => {
    this.#socket.pause();
    this.#reader.push(chunk);
    this.#wake();
  };

  readonly #finished = () => {
    this.#ended = true;
    this.#wake();
  };

  readonly #gone = () => {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.stop();
  };

  #attach(socket: Socket): void {
    // Paused first, or the listener would start the flow before anybody waits for a line.
    socket.pause().on('data', this.#received).on('end', this.#finished).on('close', this.#gone);
    socket.on('error', () => {}); // `close` follows
  }

  /** Starts something and waits until it wakes us, or the link is closed. */
  async #until(start: (wake: () => void) => void): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      start(resolve);
    });
  }
}

/** For the log; a client that has left before it was looked at has no address any more. */
export function clientOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'unknown' : `${remoteAddress}:${remotePort}`;
}
