import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { clientLeft } from '../../server/http/request/client-left.ts';
import { Unanswered } from '../../server/http/request/unanswered.ts';
import { readInSlices } from '../../server/net/read-in-slices.ts';
import { Slices } from '../../server/slices.ts';
import { aSandbox } from '../a-sandbox.ts';
import { CLI, Server } from '../store/disk/a-server.ts';

const flags = ['--smtp-port', '0', '--http-port', '0', '--pop3-port', '0', '--log-format', 'json'];

test('twenty unanswered requests are too many, until one is answered or the connection is closed', async () => {
  const answers: ServerResponse[] = [];
  let unanswered: Unanswered | undefined;
  let all = () => {};
  const arrived = new Promise<void>((resolve) => {
    all = resolve;
  });
  const server = createServer((_, answer) => {
    answers.push(answer);
    unanswered?.add(answer);
    if (answers.length === 20) all();
  });
  server.on('connection', (socket: Socket) => {
    unanswered = new Unanswered(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  client.resume().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(19));
  await once(server, 'request');
  expect(unanswered?.isMuch).toBe(false);
  await unanswered?.less();
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await arrived;
  expect(unanswered?.isMuch).toBe(true);
  const less = unanswered?.less();
  answers[0]?.end();
  await less;
  expect(unanswered?.isMuch).toBe(false);
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(server, 'request');
  expect(unanswered?.isMuch).toBe(true);
  const closed = unanswered?.less();
  client.destroy();
  await closed;
  expect(unanswered?.isMuch).toBe(false);
  server.close();
});

test.each([
  ['closes', (client: Socket) => client.end()],
  ['resets', (client: Socket) => client.resetAndDestroy()],
])('a client that %s its connection is noticed although it sent more than is answered', async (_, leave) => {
  const slices = new Slices();
  const answers: ServerResponse[] = [];
  let all = () => {};
  const arrived = new Promise<void>((resolve) => {
    all = resolve;
  });
  const server = createServer((_, answer) => {
    unanswered?.add(answer);
    if (answers.push(answer) === 20) all();
  });
  let unanswered: Unanswered | undefined;
  server.on('connection', (socket: Socket) => {
    socket.on('data', () => {});
    unanswered = new Unanswered(socket);
    readInSlices(socket, slices, unanswered);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  client.on('error', () => {});
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
  await arrived;
  const closed = answers.map((answer) => once(answer, 'close'));
  leave(client);
  await Promise.all(closed);
  expect(answers.length).toBeLessThan(1000);
  server.close();
});

test('when a connection closes, all its pipelined requests end, and the process can exit', async () => {
  await using server = await Server.run(process.execPath, [CLI, ...flags]);
  const client = connect(Number(new URL(server.url).port), '127.0.0.1');
  // The first one waits, so that all others queue after it.
  const request = `GET /api/messages/wait?q=subject:never&timeout=120000 HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  client.write(request.repeat(20));
  await server.get('/livez');
  expect(await server.end('SIGTERM')).toEqual([0, null]);
});

test('a client that left before its request was read is not waited for', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, answer] = (await once(server, 'request')) as [unknown, Response];
  client.destroy();
  await once(answer, 'close');
  expect(clientLeft(answer, new Slices()).aborted).toBe(true);
  server.close();
});

test('a thousand pipelined requests that wait for a mail are all answered in order', async () => {
  await using sandbox = await aSandbox();
  const { port } = new URL(sandbox.url);
  const client = connect(Number(port), '127.0.0.1');
  const requests = Array.from(
    { length: 1000 },
    (_, n) => `GET /api/messages/wait?q=subject:awaited&timeout=${n + 60_000} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  );
  client.write(requests.join(''));
  client.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const answer = await fetch(`${sandbox.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: 'Subject: awaited\r\n\r\n',
  });
  expect(answer.status).toBe(201);
  let text = '';
  for await (const chunk of client.setEncoding('utf8')) text += chunk;
  expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(1001);
  expect(text.endsWith('{"live":true}')).toBe(true);
});
