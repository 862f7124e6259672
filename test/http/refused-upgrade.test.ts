import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { aServer } from './a-server.ts';

test('a rejected WebSocket keeps no descriptor, even if the client never closes its side', async ({ signal }) => {
  await using server = await aServer();
  const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  client.write(
    'GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let answer = '';
  client.on('data', (octets) => {
    answer += octets;
  });
  await once(client, 'end');
  expect(answer).toMatch(/^HTTP\/1\.1 404 .*There is no WebSocket at \\"\/nope\\".*\}$/s);
  // Only a socket that is closed, and not just ended, answers this with a reset.
  const closed = new Promise<void>((resolve) => client.on('error', () => resolve()).on('close', () => resolve()));
  const knock = () => {
    if (!client.destroyed && !signal.aborted) client.write('x', () => setImmediate(knock));
  };
  knock();
  await closed;
  client.destroy();
});
