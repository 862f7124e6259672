import { createServer } from 'node:http';
import { type Listening, type ListenOptions, listen } from '../net/listen.ts';
import type { HandlerOptions } from './handler.ts';
import type { Backend } from './route.ts';

/**
 * REST, feed and inbox on one port.
 *
 * What answers there, Express above all, takes longer to load than all the rest of Mailstop. So it is loaded when
 * the port is open: SMTP need not wait for it, and what is asked meanwhile waits.
 *
 * @throws {MailstopError} `cannot-listen`
 */
export async function startHttp(
  backend: Backend,
  { host, port, ...options }: ListenOptions & HandlerOptions,
): Promise<Listening> {
  let load = () => {};
  const opened = new Promise<void>((resolve) => {
    load = resolve;
  });
  const loading = opened.then(async () => (await import('./handler.ts')).createHandler(backend, options));
  const http = createServer(async (req, res) => (await loading).answer(req, res));
  http.on('upgrade', async (req, socket, head) => {
    // Until the feed takes it over, nobody else would hear that the client is gone.
    socket.on('error', () => socket.destroy());
    (await loading).upgrade(req, socket, head);
  });
  const bound = await listen('HTTP', http, { host, port });
  setImmediate(load);
  return {
    ...bound,
    async [Symbol.asyncDispose]() {
      load();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      await (await loading)[Symbol.asyncDispose]();
      http.closeAllConnections();
      await closed;
    },
  };
}
