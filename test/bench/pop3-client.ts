import { connect, type Socket } from 'node:net';

const END = Buffer.from('\r\n.\r\n');
const LINE_END = Buffer.from('\r\n');

/** A cheap POP3 client: counts the octets of a response, and only checks its beginning and end. */
export class Pop3Client implements AsyncDisposable {
  readonly #socket: Socket;
  /** The parts of the response that are checked: its first octet, and its end. */
  #first = 0;
  #octets = 0;
  #tail: Buffer = Buffer.alloc(0);
  #waiting: { readonly end: Buffer; resolve(octets: number): void; reject(error: Error): void } | null = null;

  /** Connects and waits for the greeting. */
  static async open(port: number): Promise<Pop3Client> {
    const client = new Pop3Client(connect({ port, host: '127.0.0.1', noDelay: true }));
    await client.#answer(LINE_END);
    return client;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  async login(user: string): Promise<void> {
    await this.#command(`USER ${user}`, LINE_END);
    await this.#command('PASS secret', LINE_END);
  }

  /** @returns octets of the answer, status line and final dot included */
  retrieve(number: number): Promise<number> {
    return this.#command(`RETR ${number}`, END);
  }

  /** @returns octets of the answer */
  uidl(): Promise<number> {
    return this.#command('UIDL', END);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#command('QUIT', LINE_END);
    } catch {
      // A failed QUIT must not hide an earlier error.
    } finally {
      this.#socket.destroy();
    }
  }

  #command(line: string, end: Buffer): Promise<number> {
    this.#socket.write(`${line}\r\n`);
    return this.#answer(end);
  }

  #answer(end: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { end, resolve, reject };
    });
  }

  #take(chunk: Buffer): void {
    if (this.#octets === 0) this.#first = chunk[0] ?? 0;
    this.#octets += chunk.length;
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-END.length)]).subarray(-END.length);
    const waiting = this.#waiting;
    const refused = this.#first !== 0x2b; // '+'
    const end = refused ? LINE_END : waiting?.end;
    if (!waiting || !end || !this.#tail.subarray(-end.length).equals(end)) return;
    const octets = this.#octets;
    this.#octets = 0;
    this.#waiting = null;
    if (refused) waiting.reject(new Error('the server answered -ERR'));
    else waiting.resolve(octets);
  }
}
