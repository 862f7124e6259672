import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { aPop3, mailOf } from './a-pop3.ts';

/** Sends one line and takes its reply, up to the terminator of a multi-line one. */
async function ask(socket: Socket, line: string, end: '\r\n' | '\r\n.\r\n' = '\r\n'): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let tail = '';
  if (line !== '') socket.write(`${line}\r\n`);
  while (!tail.endsWith(end)) {
    const [chunk]: Buffer[] = await once(socket, 'data');
    if (!chunk) throw new Error('no data');
    chunks.push(chunk);
    tail = (tail + chunk.subarray(-5).toString('latin1')).slice(-5);
  }
  return Buffer.concat(chunks);
}

async function loggedIn(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await ask(socket, '');
  await ask(socket, 'USER all');
  await ask(socket, 'PASS x');
  return socket;
}

test('100,000 mails are listed completely and in order, even to a client that reads late', async () => {
  await using pop3 = await aPop3();
  const raw = 'a: b\r\n';
  for (let number = 1; number <= 100_000; number++) await pop3.deliver(raw);
  const socket = await loggedIn(pop3.port);
  const lines = (reply: Buffer) => reply.toString('latin1').split('\r\n').slice(1, -2);
  const sizes = lines(await ask(socket, 'LIST', '\r\n.\r\n'));
  expect(sizes.length).toBe(100_000);
  expect(sizes.every((line, index) => line === `${index + 1} 6`)).toBe(true);
  const reply = await ask(socket, 'UIDL', '\r\n.\r\n');
  const ids = lines(reply);
  expect(ids.length).toBe(100_000);
  expect(ids.every((line, index) => line === `${index + 1} mail-${String(index + 1).padStart(4, '0')}`)).toBe(true);

  socket.pause().write('UIDL\r\n'.repeat(10)); // more than the network holds
  const other = await loggedIn(pop3.port);
  expect((await ask(other, 'STAT')).toString()).toBe('+OK 100000 600000\r\n');
  other.destroy();
  let left = reply.length * 10;
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    left -= chunk.length;
  });
  socket.resume();
  while (left > 0) await once(socket, 'data');
  expect(Buffer.concat(chunks).equals(Buffer.concat(Array<Buffer>(10).fill(reply)))).toBe(true);
  socket.destroy();
});

test('a mail of 50 MB arrives octet for octet', async () => {
  await using pop3 = await aPop3();
  const mail = mailOf(50_000_000);
  await pop3.deliver(mail);
  const socket = await loggedIn(pop3.port);
  const reply = await ask(socket, 'RETR 1', '\r\n.\r\n');
  const got = reply.subarray(reply.indexOf('\n') + 1, -3);
  const hash = (octets: Buffer) => createHash('sha256').update(octets).digest('hex');
  expect(reply.toString('latin1', 0, reply.indexOf('\r'))).toBe('+OK 50000000 octets');
  expect(hash(got)).toBe(hash(mail));
  socket.destroy();
});

test('1,000 connections are served at once', async () => {
  await using pop3 = await aPop3();
  await pop3.deliver('a: b\r\n');
  const sockets = await Promise.all(Array.from({ length: 1000 }, () => loggedIn(pop3.port)));
  const replies = await Promise.all(sockets.map((socket) => ask(socket, 'RETR 1', '\r\n.\r\n')));
  expect(new Set(replies.map(String))).toEqual(new Set(['+OK 6 octets\r\na: b\r\n.\r\n']));
  for (const socket of sockets) socket.destroy();
});
