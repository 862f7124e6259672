import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { send } from './load.ts';
import { mails } from './mails.ts';
import { bareServer } from './subjects.ts';

test.each(['kept', 'new'] as const)('over a %s connection, the count equals what was delivered', async (connection) => {
  await using server = await bareServer.start();
  const sent = await send(server.smtp, { senders: 2, connection, mail: mails.small }, 50);
  expect(sent.mails).toBeGreaterThan(0);
  expect(await server.accepted()).toBe(sent.mails);
});

test('a server that refuses a mail ends the measurement', async () => {
  const server = createServer((socket) => {
    socket.write('220 hello\r\n');
    socket.on('data', (text) => socket.write(/^MAIL/.test(String(text)) ? '452 full\r\n' : '250-ok\r\n250 ok\r\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address());
  await expect(send(port, { senders: 1, connection: 'kept', mail: mails.small }, 50)).rejects.toThrow(
    'expected 250, got 452 full',
  );
  server.close();
});

test('each mail has the size in its name', () => {
  const sizes = Object.values(mails).map(({ name, body }) => [name, Math.round(body.length / 100) / 10]);
  expect(sizes).toEqual([
    ['3 KB text', 3.3],
    ['5 KB text', 5.3],
    ['5 KB text with a word of its own', 5.3],
    ['30 KB HTML', 29.7],
    ['1.4 MB attachment', 1399.8],
  ]);
});
