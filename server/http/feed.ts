import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MailstopError } from '../../wire/errors.ts';
import type { Frame } from '../../wire/frame.ts';
import { Slices } from '../net/slices.ts';
import type { StoreEvent } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import { toFrame } from './answer/present.ts';
import { httpStatus, problemOf } from './answer/problem.ts';
import { checkRequest, type GuardOptions, SAFE_HEADERS } from './guard.ts';

/** A client with this many octets unsent reads too slowly: it is disconnected, and resumes when it reconnects. */
const MAX_BUFFERED = 1024 * 1024;
/** Most chars of saved searches to replay. Each such event has all searches; beyond this the client starts over. */
const MAX_SEARCHES = 4 * 1024 * 1024;
const PING_MS = 30_000;
/** Status codes of a close (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;

interface FeedOptions extends GuardOptions {
  readonly store: Store;
  /** Identifies this run of the server: earlier runs used the same event numbers. */
  readonly run: string;
  readonly pingMs?: number;
}

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Feed extends AsyncDisposable {
  readonly upgrade: Upgrade;
}

/**
 * The live feed at `/api/feed`: a hello, then every event in order. `?after=seq&run=run` resumes after that event;
 * if it is too old, from another run, or there is too much to send, the hello says `resumed: false` and the client
 * reloads everything.
 */
export function startFeed({ store, run, pingMs = PING_MS, ...guard }: FeedOptions): Feed {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
  const clients = new Set<Client>();
  const slices = new Slices();

  // Each event is serialized once, not per client.
  const unsubscribe = store.subscribe((event) => {
    if (clients.size === 0) return;
    const text = textOf(event);
    for (const client of clients) client.take(text);
  });

  const upgrade: Upgrade = (request, socket, head) => {
    try {
      checkRequest(request, guard);
      const asked = resumptionOf(request);
      const after = asked.run === null || asked.run === run ? asked.after : null;
      sockets.handleUpgrade(request, socket, head, (ws) => welcome(ws, after));
    } catch (error) {
      refuse(socket, error);
    }
  };

  const welcome = (ws: WebSocket, after: number | null) => {
    const client = new Client(ws);
    clients.add(client);
    ws.on('close', () => clients.delete(client));
    ws.on('error', () => ws.terminate());
    const missed = after === null ? null : store.since(after);
    const resumed = after !== null && missed !== null && !isTooLong(missed);
    void store.stats().then(({ seq, counts }) => {
      const hello: Frame = { type: 'hello', run, seq: resumed ? after : seq, counts, resumed };
      return client.begin(hello, (from) => store.since(from), slices);
    });
  };

  const pinging = setInterval(() => {
    for (const client of clients) client.ping();
  }, pingMs).unref();

  return {
    upgrade,
    async [Symbol.asyncDispose]() {
      clearInterval(pinging);
      unsubscribe();
      for (const client of clients) client.close();
      sockets.close();
    },
  };
}

function textOf(event: StoreEvent): string {
  return JSON.stringify(toFrame(event));
}

function isTooLong(missed: readonly StoreEvent[]): boolean {
  let chars = 0;
  for (const event of missed) {
    if (event.type !== 'searches') continue;
    for (const { name, q } of event.searches) chars += name.length + q.length;
    if (chars > MAX_SEARCHES) return true;
  }
  return false;
}

/** One client: gets a hello, then what it missed as fast as it reads, then live events. */
class Client {
  readonly #ws: WebSocket;
  #isLive = false;
  #answered = true;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('pong', () => {
      this.#answered = true;
    });
  }

  /**
   * There may be many long events, so each is serialized when the one before it has been sent. Then asks again for what
   * happened in the meantime. When there is nothing more, the client goes live in the same turn, so it misses no event.
   * @param since the events after a seq; null when they are no longer remembered
   */
  async begin(
    hello: Extract<Frame, { type: 'hello' }>,
    since: (seq: number) => readonly StoreEvent[] | null,
    slices: Slices,
  ): Promise<void> {
    let { seq } = hello;
    if (!(await this.#sent(JSON.stringify(hello)))) return;
    for (let missed = since(seq); missed?.length !== 0; missed = since(seq)) {
      // The client can't keep up. When it reconnects, it has to start over.
      if (missed === null) return this.#ws.terminate();
      for (const event of missed) {
        if (slices.over) await slices.turn();
        if (!(await this.#sent(textOf(event)))) return;
        seq = event.seq;
      }
    }
    this.#isLive = true;
  }

  take(text: string): void {
    if (this.#isLive) this.#send(text);
  }

  ping(): void {
    if (!this.#answered) return this.#ws.terminate();
    this.#answered = false;
    this.#ws.ping();
  }

  close(): void {
    this.#ws.close(GOING_AWAY, 'Mailstop is stopping');
  }

  /** Resolves when the text has been sent; false when the connection is gone. */
  #sent(text: string): Promise<boolean> {
    return new Promise((resolve) => this.#ws.send(text, (error) => resolve(!error)));
  }

  #send(text: string): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    if (this.#ws.bufferedAmount > MAX_BUFFERED) return this.#ws.terminate();
    this.#ws.send(text);
  }
}

/** @throws {MailstopError} `not-found`, `bad-request` */
function resumptionOf(request: IncomingMessage): { readonly after: number | null; readonly run: string | null } {
  const [path, query] = (request.url ?? '').split('?');
  if (path !== '/api/feed') {
    throw new MailstopError('not-found', `There is no WebSocket at "${path}": the feed is at /api/feed.`);
  }
  const asked = new URLSearchParams(query);
  const [after, run] = [asked.get('after'), asked.get('run')];
  if (after === null || /^\d{1,15}$/.test(after)) return { after: after === null ? null : Number(after), run };
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
