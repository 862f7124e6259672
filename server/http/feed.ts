import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MailstopError } from '../../wire/errors.ts';
import type { Frame } from '../../wire/frame.ts';
import { Slices } from '../slices.ts';
import type { Position, Start, StoreEvent } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import { toFrame } from './answer/present.ts';
import { httpStatus, problemOf } from './answer/problem.ts';
import { checkRequest, type GuardOptions, SAFE_HEADERS } from './guard.ts';

/** While a client has this many octets unsent, it is sent nothing more. */
const MAX_BUFFERED = 1024 * 1024;
/** Texts kept for other clients. Those that keep up are sent the same events at the same time. */
const MAX_TEXTS = 64;
const PING_MS = 30_000;
/** Status codes of a close (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;

interface FeedOptions extends GuardOptions {
  readonly store: Pick<Store, 'changes' | 'stats'>;
  readonly report: (error: unknown) => void;
  readonly pingMs?: number;
}

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Feed extends AsyncDisposable {
  readonly upgrade: Upgrade;
}

/**
 * The live feed at `/api/feed`: a hello, then every event in order. `?after=seq&epoch=epoch` resumes after that event;
 * if it is too old, or from another epoch, the hello says `resumed: false` and the client reloads everything.
 */
export function startFeed({ store, report, pingMs = PING_MS, ...guard }: FeedOptions): Feed {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
  const clients = new Set<Client>();
  const slices = new Slices();
  const texts = new Texts();

  const upgrade: Upgrade = (request, socket, head) => {
    try {
      checkRequest(request, guard);
      const asked = resumptionOf(request);
      sockets.handleUpgrade(request, socket, head, (ws) => {
        welcome(ws, asked).catch((error: unknown) => {
          report(error);
          ws.terminate();
        });
      });
    } catch (error) {
      refuse(socket, error);
    }
  };

  const welcome = async (ws: WebSocket, { after, epoch }: Resumption) => {
    const client = new Client(ws);
    clients.add(client);
    ws.on('close', () => clients.delete(client));
    ws.on('error', () => ws.terminate());
    const current = after === null || epoch !== null ? epoch : (await store.stats()).epoch;
    await client.follow(
      store,
      after === null || current === null ? null : { epoch: current, seq: after },
      texts,
      slices,
    );
  };

  const pinging = setInterval(() => {
    for (const client of clients) client.ping();
  }, pingMs).unref();

  return {
    upgrade,
    async [Symbol.asyncDispose]() {
      clearInterval(pinging);
      for (const client of clients) client.close();
      sockets.close();
    },
  };
}

function hello(start: Start): string {
  return JSON.stringify({ ...start, type: 'hello' } satisfies Frame);
}

/** Serializes each event once, not per client. */
class Texts {
  readonly #latest = new Map<StoreEvent, string>();

  of(event: StoreEvent): string {
    const known = this.#latest.get(event);
    if (known !== undefined) return known;
    const text = JSON.stringify(toFrame(event));
    this.#latest.set(event, text);
    const [oldest] = this.#latest.keys();
    if (oldest && this.#latest.size > MAX_TEXTS) this.#latest.delete(oldest);
    return text;
  }
}

/** One client: gets a hello, then all events as fast as it reads. */
class Client {
  readonly #ws: WebSocket;
  readonly #over = new AbortController();
  #answered = true;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('pong', () => {
      this.#answered = true;
    });
    ws.on('close', () => this.#over.abort());
  }

  async follow(
    store: Pick<Store, 'changes' | 'stats'>,
    after: Position | null,
    texts: Texts,
    slices: Slices,
  ): Promise<void> {
    const { seq: head } = await store.stats();
    let greeted = false;
    for await (const events of store.changes(after, this.#over.signal)) {
      for (const event of events) {
        // It can't keep up. When it reconnects, it has to start over.
        if (event.type === 'start' && greeted) return this.#ws.terminate();
        greeted = true;
        const sent = this.#send(event.type === 'start' ? hello(event) : texts.of(event));
        if (sent) await sent;
        // What happens now is sent at once: whoever waited for a turn would fall behind in a burst.
        if (event.seq < head && slices.over) await slices.turn();
      }
    }
  }

  ping(): void {
    if (!this.#answered) return this.#ws.terminate();
    this.#answered = false;
    this.#ws.ping();
  }

  close(): void {
    this.#over.abort();
    this.#ws.close(GOING_AWAY, 'Mailstop is stopping');
  }

  /** Resolves when the client may be sent more. */
  #send(text: string): Promise<void> | null {
    if (this.#ws.readyState !== this.#ws.OPEN) return null;
    if (this.#ws.bufferedAmount < MAX_BUFFERED) {
      this.#ws.send(text);
      return null;
    }
    return new Promise((resolve) => this.#ws.send(text, () => resolve()));
  }
}

interface Resumption {
  readonly after: number | null;
  /** Null for the present one. */
  readonly epoch: string | null;
}

/** @throws {MailstopError} `not-found`, `bad-request` */
function resumptionOf(request: IncomingMessage): Resumption {
  const [path, query] = (request.url ?? '').split('?');
  if (path !== '/api/feed') {
    throw new MailstopError('not-found', `There is no WebSocket at "${path}": the feed is at /api/feed.`);
  }
  const asked = new URLSearchParams(query);
  const [after, epoch] = [asked.get('after'), asked.get('epoch')];
  if (after === null || /^\d{1,15}$/.test(after)) return { after: after === null ? null : Number(after), epoch };
  throw new MailstopError('bad-request', `query parameter "after": expected the seq of an event, got "${after}"`);
}

/**
 * Before the upgrade there is no response object, so the response is written by hand. Then the socket is destroyed: if
 * the client kept its side open, the connection would never end.
 */
export function refuse(socket: Duplex, error: unknown): void {
  const code = error instanceof MailstopError ? error.code : 'bad-request';
  const problem = problemOf(code, httpStatus[code], error instanceof Error ? error.message : String(error));
  const body = JSON.stringify(problem);
  const headers = {
    ...SAFE_HEADERS,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  // Discard what the client still sends.
  socket.resume();
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}
