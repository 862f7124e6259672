import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MailstopError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { checkRequest, type GuardOptions, SAFE_HEADERS } from './guard.ts';
import { toFrame } from './present.ts';
import { httpStatus, problemOf } from './problem.ts';
import type { Frame } from './wire-frame.ts';

/** A client that lets so many octets pile up reads too slowly: it is let go, and resumes when it comes back. */
const MAX_BUFFERED = 1024 * 1024;
const PING_MS = 30_000;
/** Status codes of a close (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;

interface FeedOptions extends GuardOptions {
  readonly store: Store;
  /** Tells this run of the server from earlier ones, whose events had the same numbers. */
  readonly run: string;
  readonly pingMs?: number;
}

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Feed extends AsyncDisposable {
  readonly upgrade: Upgrade;
}

/**
 * The live feed at `/api/feed`: a hello, then every event in order. `?after=seq&run=run` resumes behind that event;
 * when it is too long ago, or of another run, the hello says `resumed: false` and the client loads everything anew.
 */
export function startFeed({ store, run, pingMs = PING_MS, ...guard }: FeedOptions): Feed {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
  const clients = new Set<Client>();

  // Each event is made into text once, however many are listening.
  const unsubscribe = store.subscribe((event) => {
    if (clients.size === 0) return;
    const frame = { seq: event.seq, text: JSON.stringify(toFrame(event)) };
    for (const client of clients) client.take(frame);
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
    // What was missed is looked up in the same turn as the client joins, so no event falls in between.
    const missed = after === null ? null : store.since(after);
    void store.stats().then(({ seq, counts }) => {
      const backlog = missed?.map((event) => ({ seq: event.seq, text: JSON.stringify(toFrame(event)) })) ?? [];
      client.begin(
        { type: 'hello', run, seq: missed === null ? seq : (after ?? seq), counts, resumed: missed !== null },
        backlog,
      );
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

interface Serialised {
  readonly seq: number;
  readonly text: string;
}

/** One listener: holds frames back until its hello is out, then passes them on in order. */
class Client {
  readonly #ws: WebSocket;
  #held: Serialised[] | null = [];
  #answered = true;

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('pong', () => {
      this.#answered = true;
    });
  }

  begin(hello: Extract<Frame, { type: 'hello' }>, backlog: readonly Serialised[]): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#send(JSON.stringify(hello));
    let { seq } = hello;
    for (const frame of [...backlog, ...held]) {
      if (frame.seq <= seq) continue;
      seq = frame.seq;
      this.#send(frame.text);
    }
  }

  take(frame: Serialised): void {
    if (this.#held) this.#held.push(frame);
    else this.#send(frame.text);
  }

  ping(): void {
    if (!this.#answered) return this.#ws.terminate();
    this.#answered = false;
    this.#ws.ping();
  }

  close(): void {
    this.#ws.close(GOING_AWAY, 'Mailstop is stopping');
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

/** Before the upgrade there is no response object: the answer is written by hand. */
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
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`);
}
