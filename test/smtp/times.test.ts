import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test, vi } from 'vitest';
import { listen } from '../../server/net/listen.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

afterEach(() => void vi.useRealTimers());

test('the greeting does not wait for a timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
  await using smtp = await catchMail();
  await play(smtp.port, 'S: 220 mailstop ESMTP');
});

test('smtp-server itself does wait; if that changes, Connection.init can be removed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
  const smtp = new SMTPServer({ disableReverseLookup: true, logger: false, hideSTARTTLS: true });
  const { port } = await listen('SMTP', smtp.server, { host: '127.0.0.1', port: 0 });
  const socket = connect(port, '127.0.0.1');
  let greeting = '';
  socket.on('data', (data) => {
    greeting += data;
  });
  await once(socket, 'connect');
  while (smtp.connections.size === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(greeting).toBe('');
  const greeted = once(socket, 'data');
  vi.advanceTimersByTime(100);
  await greeted;
  expect(greeting).toMatch(/^220 /);
  socket.destroy();
  smtp.server.close();
});

test('a silent client is disconnected', async () => {
  await using smtp = await catchMail({ times: { command: 50 } });
  await play(smtp.port, 'S: 220 *\n S: 421 4.4.2 Waited too long\n S-eof:');
});

test('a client that falls silent during AUTH is disconnected, too', async () => {
  await using smtp = await catchMail({ times: { command: 50 } });
  await play(smtp.port, `${HELLO} C: AUTH LOGIN\n S: 334 *\n S: 421 4.4.2 *\n S-eof:`);
});

test('a client that sends slowly is disconnected, too: only complete commands count', async () => {
  await using smtp = await catchMail({ times: { command: 200 } });
  const socket = connect(smtp.port, '127.0.0.1');
  const trickle = setInterval(() => socket.write('N'), 10);
  socket.on('error', () => {});
  let heard = '';
  for await (const data of socket) heard += data;
  clearInterval(trickle);
  expect(heard).toMatch(/^220 .*\r\n421 4\.4\.2 .*\r\n$/);
});

test('each command and each mail restarts the timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  await using smtp = await catchMail();
  const socket = connect(smtp.port, '127.0.0.1');
  const answer = async (say: string) => {
    socket.write(say);
    const [data] = await once(socket, 'data');
    return String(data);
  };
  await once(socket, 'data');
  for (const command of ['EHLO a', 'MAIL FROM:<>', 'RCPT TO:<b@x.test>', 'DATA']) {
    vi.advanceTimersByTime(4 * 60_000);
    expect(await answer(`${command}\r\n`)).toMatch(/^[23]/);
  }
  vi.advanceTimersByTime(9 * 60_000);
  expect(await answer('.\r\n')).toMatch(/^250 /);
  vi.advanceTimersByTime(4 * 60_000);
  expect(await answer('NOOP\r\n')).toMatch(/^250 /);
  const last = once(socket, 'data');
  vi.advanceTimersByTime(5 * 60_000);
  expect(String((await last)[0])).toMatch(/^421 4\.4\.2 /);
});

test('a mail that never ends times out', async () => {
  await using smtp = await catchMail({ times: { data: 50 } });
  await play(smtp.port, `${TO_DATA} C: Hi\n S: 421 4.4.2 Waited too long\n S-eof:`);
  expect(smtp.mails).toEqual([]);
});

test('too many clients are told to try again later', async () => {
  await using smtp = await catchMail({ maxClients: 1 });
  const first = connect(smtp.port, '127.0.0.1');
  await once(first, 'data');
  await play(smtp.port, 'S: 421 4.3.2 Too many connections\n S-eof:');
  first.destroy();
});

test('a taken port is named', async () => {
  const other = createServer();
  const { port } = await listen('another', other, { host: '127.0.0.1', port: 0 });
  await expect(catchMail({ port })).rejects.toMatchObject({
    code: 'cannot-listen',
    message: `SMTP cannot listen on 127.0.0.1:${port}: the port is already taken by another program`,
  });
  other.close();
});

test('TLS from the first octet needs a certificate', async () => {
  await expect(catchMail({ implicitTls: true })).rejects.toMatchObject({ code: 'bad-config' });
});
