import type { Socket } from 'node:net';
import { type BadEnd, nameOf, reasonOfError } from '../net/bad-ends.ts';
import { type Line, LineReader } from '../net/line-reader.ts';
import { tlsVersion } from '../net/sessions.ts';
import { type Stranger, strangerIn } from '../net/stranger.ts';
import type { Slices } from '../slices.ts';
import { CHUNK } from './reply.ts';

/** After this many lines without waiting, others get a turn. */
const LINES_AT_ONCE = 64;

/** Performs the server side of a TLS handshake; returns why if it fails or is aborted. */
export type Handshake = (socket: Socket, over: AbortSignal) => Promise<Secured>;
/** `failure` is null if the client just left. */
export type Secured = { readonly socket: Socket } | { readonly failure: Loss | null };

/** Why a connection ended badly and, if known here, at which stage. */
export type Loss = Omit<BadEnd, 'peer' | 'stage'> & { readonly stage?: string };

/**
 * A connection as lines in and chunks out. Output is buffered until we wait for the client, so that replies to commands
 * that came in one packet go out in one packet too. Reading stops while a line is being processed, and writing while
 * the client does not read: neither side can make data pile up at the other.
 */
export class Link {
  readonly client: string;
  readonly #reader: LineReader;
  readonly #idle: NodeJS.Timeout;
  readonly #over = new AbortController();
  readonly #slices: Slices;
  #socket: Socket;
  #held: Buffer[] = [];
  #heldSize = 0;
  /** Consecutive lines that were there without waiting. */
  #lines = 0;
  #ended = false;
  #closed = false;
  #begun = false;
  #loss: Loss | null = null;
  #stranger: Stranger | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  /**
   * @param limit longest first line, in octets
   * @param autologout milliseconds without a line, or progress in a reply, after which the connection is cut
   */
  constructor(socket: Socket, limit: number, autologout: number, slices: Slices) {
    this.#slices = slices;
    this.client = nameOf(socket);
    this.#socket = socket;
    this.#reader = new LineReader(limit);
    this.#idle = setTimeout(() => {
      this.#loss ??= { reason: `no command came, and no reply was read, within ${autologout / 1000} s` };
      this.cut();
    }, autologout);
    this.#attach(socket);
  }

  /** Aborted when no more lines will come: the link is closed, or the server is stopping. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The TLS version; null without TLS. */
  get tls(): string | null {
    return tlsVersion(this.#socket);
  }

  /** Why it ended, if it ended badly. A client that closes its side, or just leaves, is fine. */
  get loss(): Loss | null {
    return this.#loss;
  }

  /** A client that started with TLS where plain text was expected. */
  get stranger(): Stranger | null {
    return this.#stranger;
  }

  /** The longest next line, including its line end, in octets. */
  set limit(octets: number) {
    this.#reader.limit = octets;
  }

  /** The next line; sends buffered output before waiting for it. @returns null if there are no more */
  async line(): Promise<Line | null> {
    while (!this.over.aborted) {
      const line = this.#reader.next();
      if (line !== null) {
        this.#idle.refresh();
        if (++this.#lines % LINES_AT_ONCE === 0 && this.#slices.over) await this.#slices.turn();
        return line;
      }
      this.#lines = 0;
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

  /** @returns false if the link was closed before the end */
  async writeAll(chunks: Iterable<Buffer>): Promise<boolean> {
    for (const chunk of chunks) {
      if (this.#closed) return false;
      await this.write(chunk);
      if (this.#slices.over) await this.#slices.turn();
    }
    return !this.#closed;
  }

  /** Sends buffered output; resolves when the client has taken enough of it. */
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
   * Hands the socket to a handshake. Anything received but not read so far was sent unprotected, perhaps by someone
   * else, and is dropped.
   */
  async secure(handshake: Handshake): Promise<void> {
    await this.flush();
    this.#socket.off('data', this.#received).off('end', this.#finished);
    this.#reader.discard();
    const secured = await handshake(this.#socket, this.over);
    if ('failure' in secured) {
      this.#loss ??= secured.failure;
      return this.cut();
    }
    this.#socket = secured.socket;
    this.#attach(secured.socket);
  }

  /**
   * Closes cleanly: sends buffered output, then waits until the client has closed its side too.
   * @param grace how long, in milliseconds
   */
  async close(grace: number): Promise<void> {
    await this.flush();
    const timer = setTimeout(() => this.cut(), grace);
    // Keep reading, or the goodbye would be lost if the client is still sending.
    this.#socket.off('data', this.#received).resume();
    this.#socket.end();
    while (!this.#closed) {
      if (this.over.aborted) this.#socket.destroySoon();
      await this.#until(() => {});
    }
    clearTimeout(timer);
  }

  /** Reads no more lines; the current reply may finish. */
  stop(): void {
    this.#stopped = true;
    this.#stopReading();
  }

  /** Whether the server stopped it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  #stopReading(): void {
    this.#over.abort();
    this.#wake();
  }

  /** Closes at once. A handshake ends first: removing the socket from under it is not safe. */
  cut(): void {
    this.#stopReading();
    this.#socket.destroy();
  }

  readonly #received = (chunk: Buffer) => {
    this.#socket.pause();
    if (!this.#begun) {
      this.#begun = true;
      this.#stranger = strangerIn(chunk.toString('latin1', 0, 2));
      if (this.#stranger) return this.cut();
    }
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
    this.#stopReading();
  };

  #attach(socket: Socket): void {
    // Pause first, or the listener would start the flow before anything waits for a line.
    socket.pause().on('data', this.#received).on('end', this.#finished).on('close', this.#gone);
    // `close` follows.
    socket.on('error', (error) => {
      if (this.#begun) this.#loss ??= reasonOfError(error);
    });
  }

  /** Calls `start` and waits until it wakes us, or the link is closed. */
  async #until(start: (wake: () => void) => void): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      start(resolve);
    });
  }
}
