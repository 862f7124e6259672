import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface PlayOptions {
  readonly host?: string;
  /** Start with a TLS handshake, as for SMTPS and POP3S. */
  readonly tls?: boolean;
  /** How long to wait for one expected line, in milliseconds. A guard, not an assertion. */
  readonly patience?: number;
}

/**
 * Plays a transcript of a line protocol against a local server. Leading spaces are ignored.
 *
 *     C: text          sends the line with CRLF; lines that follow each other go out in one packet
 *     C-raw: "a\n"     sends exactly what the JSON string says, in UTF-8
 *     C-eof:           closes the sending side, goes on reading
 *     C-reset:         drops the connection
 *     S: 250 *         expects a line; `*` is any text
 *     S-until: 250 *   skips lines until one matches
 *     S-eof:           expects that the server sends nothing more and closes
 *     -- packet --     the rest goes out in a new packet
 *     -- tls --        the handshake; any certificate is accepted
 *
 * @returns all lines that the server sent
 * @throws on any deviation, with the transcript so far
 */
export async function play(port: number, script: string, options: PlayOptions = {}): Promise<string[]> {
  const { host = '127.0.0.1', patience = 5000 } = options;
  let socket: Socket = connect({ port, host, noDelay: true });
  await once(socket, 'connect');
  let lines = new Lines(socket);
  const heard: string[] = [];
  const seen: string[] = [];
  let outgoing: Buffer[] = [];

  const flush = () => {
    if (outgoing.length > 0) socket.write(Buffer.concat(outgoing));
    outgoing = [];
  };
  const upgrade = async () => {
    lines.release();
    const secure = connectTls({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    socket = secure;
    lines = new Lines(secure);
  };
  const hear = async (): Promise<string | null> => {
    const line = await lines.next(patience);
    seen.push(line === null ? '  (the server closed)' : `  S: ${line}`);
    if (line !== null) heard.push(line);
    return line;
  };

  try {
    if (options.tls) await upgrade();
    for (const step of script.split('\n').map((line) => line.trimStart())) {
      if (step === '') continue;
      const [, verb, text = ''] = /^(C-raw|C-eof|C-reset|C|S-until|S-eof|S): ?(.*)$/s.exec(step) ?? [
        undefined,
        step.trim(),
      ];
      if (verb !== 'C' && verb !== 'C-raw') flush();
      if (!verb.startsWith('S')) seen.push(`  ${step}`);
      switch (verb) {
        case 'C':
          outgoing.push(Buffer.from(`${text}\r\n`));
          break;
        case 'C-raw':
          outgoing.push(Buffer.from(String(JSON.parse(text))));
          break;
        case 'C-eof':
          socket.end();
          break;
        case 'C-reset':
          socket.resetAndDestroy();
          break;
        case '-- packet --':
          // A few turns of the event loop, in which a server in this process reads what was sent.
          for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
          break;
        case '-- tls --':
          await upgrade();
          break;
        case 'S':
          expectLine(text, await hear());
          break;
        case 'S-until':
          for (let line = await hear(); line === null || !matches(text, line); line = await hear())
            if (line === null) expectLine(text, line);
          break;
        case 'S-eof':
          if ((await hear()) !== null) throw new Error('expected the server to close');
          break;
        default:
          throw new Error(`this line of the script can't be played: ${step}`);
      }
    }
    flush();
    return heard;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\nThe conversation was:\n${seen.join('\n')}`, { cause: error });
  } finally {
    socket.end();
    setImmediate(() => socket.destroy());
  }
}

function expectLine(pattern: string, line: string | null): void {
  if (line === null || !matches(pattern, line)) throw new Error(`expected  S: ${pattern}`);
}

function matches(pattern: string, line: string): boolean {
  const literal = pattern.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(line);
}

/** The lines of a socket, one at a time. A line ends with CRLF; a bare LF is part of it. */
class Lines {
  readonly #socket: Socket;
  #rest = '';
  #closed = false;
  #wake: () => void = () => {};
  readonly #data = (chunk: Buffer) => {
    this.#rest += chunk.toString('latin1');
    this.#wake();
  };
  readonly #end = () => {
    this.#closed = true;
    this.#wake();
  };

  constructor(socket: Socket) {
    this.#socket = socket.on('data', this.#data).on('end', this.#end).on('close', this.#end).on('error', this.#end);
  }

  /** Stops listening, so that TLS can take over, including errors of the plain socket. */
  release(): void {
    this.#socket.off('data', this.#data).off('end', this.#end).off('close', this.#end);
  }

  /** @returns null when the server has closed, or has dropped the connection */
  async next(patience: number): Promise<string | null> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const line = Buffer.from(this.#rest.slice(0, end), 'latin1').toString();
        this.#rest = this.#rest.slice(end + 2);
        return line;
      }
      if (this.#closed && this.#rest !== '') throw new Error(`the server closed in mid-line: ${this.#rest}`);
      if (this.#closed) return null;
      await new Promise<void>((resolve, reject) => {
        const guard = setTimeout(() => reject(new Error(`the server said nothing for ${patience} ms`)), patience);
        this.#wake = () => {
          clearTimeout(guard);
          resolve();
        };
      });
    }
  }
}
