import { once } from 'node:events';
import { connect } from 'node:net';

export const TRANSACTION = 'MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n';

/** Says all of it without waiting for an answer, then QUIT. @returns how many replies began with 250 or 354 */
export async function pipeline(port: number, parts: Iterable<string | Buffer>): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  let good = 0;
  let unfinished = '';
  socket.on('data', (data) => {
    const lines = (unfinished + data.toString('latin1')).split('\r\n');
    unfinished = lines.pop() ?? '';
    good += lines.filter((line) => /^(250|354) /.test(line)).length;
  });
  socket.on('end', () => socket.end());
  const closed = once(socket, 'close');
  for (const part of ['EHLO a\r\n', ...parts, 'QUIT\r\n']) if (!socket.write(part)) await once(socket, 'drain');
  await closed;
  return good;
}
