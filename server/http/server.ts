import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { reasonOf } from '../../wire/errors.ts';
import type { Loading } from '../../wire/state.ts';
import { importIfRoom } from '../net/descriptors.ts';
import { GRACE_MS, type Listening, type ListenOptions, listen } from '../net/listen.ts';
import { readInSlices } from '../net/read-in-slices.ts';
import { Slices } from '../slices.ts';
import { SAFE_HEADERS } from './guard.ts';
import type { Handler, HandlerOptions } from './handler.ts';
import { Unanswered } from './request/unanswered.ts';
import type { Backend } from './route.ts';

/** Octets of input that cost about as much as a request. */
const REQUEST = 8192;

/** An open HTTP port. */
export interface Http extends Listening {
  /** Starts answering from this backend. */
  serve(backend: Omit<Backend, 'slices'>): void;
}

interface Options extends ListenOptions, HandlerOptions {
  /** Progress of the start, for requests that arrive before it is done; without it they wait. */
  readonly progress?: (() => Loading) | null;
  /** Loads the handler before the first request. */
  readonly eager?: boolean;
  /** Called on the first request. */
  readonly used?: () => void;
  /** How long a stop waits for feed clients, in milliseconds. */
  readonly grace?: number;
}

/**
 * REST, feed and inbox on one port.
 *
 * The handler, Express above all, takes longer to load than the rest of Mailstop, and as much memory. So it is loaded
 * on the first request, which waits for it.
 *
 * @throws {MailstopError} `cannot-listen`
 */
export async function startHttp({
  host,
  port,
  progress = null,
  eager = false,
  used,
  grace = GRACE_MS,
  ...options
}: Options): Promise<Http> {
  // A client may send hundreds of requests in one packet, or a large mail.
  const slices = new Slices();
  let backend: Backend | null = null;
  let opened = () => {};
  const ready = new Promise<void>((resolve) => {
    opened = resolve;
  });
  let handler: Promise<Handler | null> | null = null;
  const serving = () => {
    if (handler === null) used?.();
    handler ??= ready
      .then(async () => backend && (await importIfRoom(() => import('./handler.ts'))).createHandler(backend, options))
      .catch((error: unknown) => {
        // Out of file descriptors, say. The next request tries again.
        handler = null;
        options.log.error('http not ready', { reason: reasonOf(error) });
        return null;
      });
    return handler;
  };
  let starting: Promise<Handler | null> | null = null;
  const whileStarting = (told: () => Loading) => {
    starting ??= importIfRoom(() => import('./starting.ts'))
      .then(({ createStarting }) => createStarting(told, options))
      .catch((error: unknown) => {
        starting = null;
        options.log.error('http not ready', { reason: reasonOf(error) });
        return null;
      });
    return starting;
  };
  const current = () => (backend === null && progress !== null ? whileStarting(progress) : serving());

  let closing: Promise<void> | null = null;
  const unanswered = new WeakMap<Socket, Unanswered>();
  const http = createServer(async (req, res) => {
    unanswered.get(req.socket)?.add(res);
    const handler = await current();
    // Many pipelined requests may be left when their client is gone.
    const answer = () => void (res.closed || handler?.answer(req, res));
    if (handler) slices.share(REQUEST, answer);
    else if (closing) res.destroy();
    else res.writeHead(503, SAFE_HEADERS).end('Not ready: the log says why; try again later.\n');
  });
  http.on('connection', (socket) => {
    // Node's parser reads directly from the OS until somebody listens for data, even briefly.
    const nobody = () => {};
    socket.on('data', nobody).off('data', nobody);
    const requests = new Unanswered(socket);
    unanswered.set(socket, requests);
    readInSlices(socket, slices, requests);
  });
  /** Connections of the feed. Node's server waits for them when it closes, but does not close them. */
  const upgraded = new Set<Duplex>();
  http.on('upgrade', async (req, socket, head) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    // Until the feed takes over the socket, nobody else handles its errors.
    socket.on('error', () => socket.destroy());
    const handler = await current();
    if (handler) handler.upgrade(req, socket, head);
    else socket.destroy();
  });
  const close = async () => {
    opened();
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    await (await handler)?.[Symbol.asyncDispose]();
    http.closeAllConnections();
    const timer = setTimeout(() => {
      for (const socket of upgraded) socket.destroy();
    }, grace);
    await closed;
    clearTimeout(timer);
  };
  const bound = await listen('HTTP', http, { host, port });
  return {
    ...bound,
    serve(given) {
      backend = { ...given, slices };
      setImmediate(opened);
      if (eager) void serving();
    },
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}
