import { connect, type Socket } from 'node:net';

const MAIL = Buffer.from('MAIL FROM:<app@example.org>\r\n');
const RCPT = Buffer.from('RCPT TO:<ada@example.org>\r\n');
const DATA = Buffer.from('DATA\r\n');
const EHLO = Buffer.from('EHLO bench.example.org\r\n');
const QUIT = Buffer.from('QUIT\r\n');

/** A reply is whole when its last line has a blank behind the code (RFC 5321 §4.2.1). */
const WHOLE_REPLY = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\n$/;

/** An SMTP client that costs little, and like most clients waits for each reply before it goes on. */
export class SmtpClient implements AsyncDisposable {
  readonly #socket: Socket;
  #received = '';
  #waiting: { readonly expected: string; resolve(): void; reject(error: Error): void } | null = null;
  #failure: Error | null = null;

  /** Connects and waits for the greeting. */
  static async open(port: number): Promise<SmtpClient> {
    const client = new SmtpClient(connect({ port, host: '127.0.0.1', noDelay: true }));
    await client.#reply('220');
    return client;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  hello(): Promise<void> {
    return this.#command(EHLO, '250');
  }

  /** @param body what follows DATA, from `mails.ts`: dot-stuffed, with its final dot */
  async deliver(body: Buffer): Promise<void> {
    await this.#command(MAIL, '250');
    await this.#command(RCPT, '250');
    await this.#command(DATA, '354');
    await this.#command(body, '250');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#failure === null) await this.#command(QUIT, '221');
    } catch {
      // A goodbye that goes wrong must not hide what went wrong before it.
    } finally {
      this.#socket.destroy();
    }
  }

  #command(octets: Buffer, expected: string): Promise<void> {
    this.#socket.write(octets);
    return this.#reply(expected);
  }

  #reply(expected: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { expected, resolve, reject };
      if (this.#failure) this.#fail(this.#failure);
      else this.#take('');
    });
  }

  #take(text: string): void {
    this.#received += text;
    const waiting = this.#waiting;
    if (waiting === null || !this.#received.endsWith('\n')) return;
    const code = WHOLE_REPLY.exec(this.#received)?.[1];
    if (code === undefined) return;
    this.#waiting = null;
    if (code === waiting.expected) waiting.resolve();
    else waiting.reject(new Error(`expected ${waiting.expected}, got ${this.#received.trimEnd()}`));
    this.#received = '';
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
