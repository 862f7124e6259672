import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** The beginning of a TLS ClientHello (RFC 8446 §4.1.2): the record is longer. */
export const CLIENT_HELLO = Buffer.from('16030100f8010000f40303', 'hex');

/** How a client leaves: it closes its side, or drops the connection. */
export type Leaving = 'FIN' | 'RST';
export const leavings: readonly Leaving[] = ['FIN', 'RST'];

/**
 * Connects, sends each piece after the server has sent the expected text before it, then leaves.
 * @param talk pairs: what to wait for, `''` for nothing, and what to send then
 * @returns everything that the server sent, once both sides are closed
 */
export async function leave(port: number, talk: readonly (string | Buffer)[], how: Leaving): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  await once(socket, 'connect');
  let heard = '';
  let from = 0;
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
  });
  for (let at = 0; at < talk.length; at += 2) {
    const wanted = String(talk[at]);
    while (!heard.includes(wanted, from) && !socket.destroyed) await Promise.race([once(socket, 'data'), closed]);
    from = heard.length;
    const say = talk[at + 1] ?? '';
    if (say.length > 0) await new Promise((resolve) => socket.write(say, resolve));
  }
  // A reset drops what the server, in this process, has not read yet.
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  if (how === 'RST') socket.resetAndDestroy();
  else socket.end();
  await closed;
  return heard;
}
