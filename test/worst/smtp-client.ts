import { once } from 'node:events';
import { connect } from 'node:net';

export const TRANSACTION = transactionTo(['b@x.test']);

export function transactionTo(recipients: readonly string[]): string {
  return `MAIL FROM:<a@x.test>\r\n${recipients.map((to) => `RCPT TO:<${to}>\r\n`).join('')}DATA\r\n`;
}

/** Says all of it without waiting for an answer, then QUIT. @returns how many replies began with 250 or 354 */
export async function pipeline(port: number, parts: Iterable<string | Buffer>): Promise<number> {
  let good = 0;
  let unfinished = '';
  await sendAll(port, ['EHLO a\r\n', ...parts, 'QUIT\r\n'], (data) => {
    const lines = (unfinished + data.toString('latin1')).split('\r\n');
    unfinished = lines.pop() ?? '';
    good += lines.filter((line) => /^(250|354) /.test(line)).length;
  });
  return good;
}

/** Sends all parts without waiting for an answer. Resolves when the server has closed the connection. */
export async function sendAll(
  port: number,
  parts: Iterable<string | Buffer>,
  hear: (data: Buffer) => void,
): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('data', hear);
  socket.on('end', () => socket.end());
  const closed = once(socket, 'close');
  for (const part of parts) if (!socket.write(part)) await once(socket, 'drain');
  await closed;
}
