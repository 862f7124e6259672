import { connect, type Socket } from 'node:net';

const MAIL = Buffer.from('MAIL FROM:<app@example.org>\r\n');
const RECIPIENTS = ['ada@example.org'];
const DATA = Buffer.from('DATA\r\n');
const EHLO = Buffer.from('EHLO bench.example.org\r\n');
const QUIT = Buffer.from('QUIT\r\n');

/** A reply is complete if its last line has a space after the code (RFC 5321 §4.2.1). */
const WHOLE_REPLY = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\n$/;

/** Where a server listens; a port alone is one of this machine. */
export type Place = number | { readonly host: string; readonly port: number };

/** A cheap SMTP client. Like most clients, it waits for each reply. */
export class SmtpClient implements AsyncDisposable {
  readonly #socket: Socket;
  #received = '';
  #waiting: { readonly expected: string; resolve(reply: string): void; reject(error: Error): void } | null = null;
  #failure: Error | null = null;

  /** Connects and waits for the greeting. */
  static async open(at: Place): Promise<SmtpClient> {
    const place = typeof at === 'number' ? { host: '127.0.0.1', port: at } : at;
    const client = new SmtpClient(connect({ ...place, noDelay: true }));
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

  async hello(): Promise<void> {
    await this.#command(EHLO, '250');
  }

  /**
   * @param body what follows DATA, from `mails.ts`: dot-stuffed, with its final dot
   * @returns the reply to it
   */
  async deliver(body: Buffer, to: readonly string[] = RECIPIENTS): Promise<string> {
    await this.#command(MAIL, '250');
    for (const address of to) await this.#command(`RCPT TO:<${address}>\r\n`, '250');
    await this.#command(DATA, '354');
    return this.#command(body, '250');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#failure === null) await this.#command(QUIT, '221');
    } catch {
      // A failed QUIT must not hide an earlier error.
    } finally {
      this.#socket.destroy();
    }
  }

  #command(octets: Buffer | string, expected: string): Promise<string> {
    this.#socket.write(octets);
    return this.#reply(expected);
  }

  #reply(expected: string): Promise<string> {
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
    const reply = this.#received.trimEnd();
    this.#received = '';
    if (code === waiting.expected) waiting.resolve(reply);
    else waiting.reject(new Error(`expected ${waiting.expected}, got ${reply}`));
  }

  /** @returns the id that Mailstop gave the mail */
  static idIn(reply: string): string {
    const id = /queued as (\S+)/.exec(reply)?.[1];
    if (id === undefined) throw new Error(`no id in the reply "${reply}"`);
    return id;
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
