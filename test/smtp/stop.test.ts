import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { play } from '../net/play.ts';
import { catchMail } from './sandbox.ts';

const HOUR = 3_600_000;
const GOODBYE = '421 4.3.2 Mailstop is shutting down\r\n';
const TRANSACTION = 'EHLO a\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n';

test('idle sessions are closed at once with a reply, even in a transaction', async () => {
  const smtp = await catchMail({ times: { grace: HOUR } });
  const idle = await open(smtp.port, '', '220');
  const busy = await open(smtp.port, TRANSACTION, '250 2.1.5');
  const heard = [rest(idle), rest(busy)];
  await smtp.stop();
  expect(await Promise.all(heard)).toEqual([GOODBYE, GOODBYE]);
  await expect(play(smtp.port, 'S: 220 *')).rejects.toThrow(/ECONNREFUSED/);
});

test('a mail in progress may finish, and is acknowledged', async () => {
  const smtp = await catchMail({ times: { grace: HOUR } });
  const socket = await open(smtp.port, `${TRANSACTION}DATA\r\n`, '354');
  const stopped = smtp.stop();
  socket.write('Hello\r\n.\r\n');
  expect(await rest(socket)).toBe(`250 2.0.0 Ok: queued as mail-0001\r\n${GOODBYE}`);
  await stopped;
  expect(smtp.mail().raw.toString()).toBe('Hello\r\n');
});

test('a mail that does not finish is dropped after the grace period', async () => {
  const smtp = await catchMail({ times: { grace: 50 } });
  const socket = await open(smtp.port, `${TRANSACTION}DATA\r\nHello\r\n`, '354');
  const heard = rest(socket);
  await smtp.stop();
  expect(await heard).toBe('');
  expect(smtp.mails).toEqual([]);
});

test('a client that stays after QUIT is not waited for', async () => {
  const smtp = await catchMail({ times: { grace: HOUR } });
  const socket = connect({ port: smtp.port, host: '127.0.0.1', allowHalfOpen: true });
  await until(socket, '220');
  socket.write('QUIT\r\n');
  await until(socket, '221');
  await smtp.stop();
  socket.destroy();
});

test('stopping twice has no further effect', async () => {
  const smtp = await catchMail();
  await Promise.all([smtp.stop(), smtp.stop()]);
  await smtp.stop();
});

async function open(port: number, say: string, until_: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  if (say !== '') socket.write(say);
  await until(socket, until_);
  return socket;
}

async function until(socket: Socket, text: string): Promise<void> {
  for (let heard = ''; !heard.includes(text); ) {
    const [data] = await once(socket, 'data');
    heard += data;
  }
}

async function rest(socket: Socket): Promise<string> {
  let heard = '';
  for await (const data of socket) heard += data;
  return heard;
}
