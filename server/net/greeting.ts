import { connect } from 'node:net';

/**
 * Connects to a line protocol and resolves with the server's first line.
 * @param timeout in milliseconds
 * @throws if nothing answers in time, or the answer is not a line
 */
export function readGreeting(
  { host, port }: { readonly host: string; readonly port: number },
  timeout: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: reachable(host), port });
    let said = '';
    const finish = (outcome: () => void) => {
      socket.destroy();
      outcome();
    };
    socket.setTimeout(timeout, () => finish(() => reject(new Error(`no greeting within ${timeout} ms`))));
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('end', () => finish(() => reject(new Error('the connection was closed without a greeting'))));
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      const [line, rest] = said.split('\r\n', 2);
      if (rest !== undefined) finish(() => resolve(line ?? ''));
      else if (said.length > 1000) finish(() => reject(new Error('the greeting never ends')));
    });
  });
}

/** The address to connect to for a listener: one on all interfaces is reached through loopback. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
