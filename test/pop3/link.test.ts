import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Link } from '../../server/pop3/link.ts';
import { CHUNK } from '../../server/pop3/reply.ts';
import { Slices } from '../../server/slices.ts';

/** Both ends of a connection. */
async function ends(): Promise<[client: Socket, server: Socket]> {
  const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const [server]: Socket[] = await once(listener, 'connection');
  listener.close();
  if (!server) throw new Error('no connection');
  return [client, server];
}

test('a long reply is produced no faster than the client reads it', async () => {
  const [client, server] = await ends();
  const link = new Link(server, 255, 60_000, new Slices());
  let made = 0;
  const chunk = Buffer.alloc(CHUNK);
  const reply = function* () {
    for (; made < 2000; made++) yield chunk;
  };
  const sent = link.writeAll(reply());
  await once(client, 'data');
  client.pause();
  for (let turn = 0; turn < 1000; turn++) await setImmediate(); // a writer that does not wait would be done by now
  expect(made).toBeLessThan(1000);
  client.destroy();
  await sent;
});

test('replies are buffered until the server waits for the client, and go out in one packet', async () => {
  const [client, server] = await ends();
  const link = new Link(server, 255, 60_000, new Slices());
  client.write('A\r\nB\r\nC');
  expect(await link.line()).toEqual({ type: 'line', text: 'A' });
  await link.write(Buffer.from('1'));
  expect(await link.line()).toEqual({ type: 'line', text: 'B' });
  await link.write(Buffer.from('2'));
  const third = link.line();
  const [heard] = await once(client, 'data');
  expect(String(heard)).toBe('12');
  client.end('\r\n');
  expect(await third).toEqual({ type: 'line', text: 'C' });
  expect(await link.line()).toBeNull();
  await link.close(60_000);
});
