import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { send } from './load.ts';
import { mails } from './mails.ts';
import { mailpit, running } from './peers.ts';
import { bareServer } from './subjects.ts';

const load = { senders: 2, connection: 'kept', mail: mails.small } as const;
const standIn = fileURLToPath(new URL('stand-in.mjs', import.meta.url));

test('the program given as Mailpit is started, counted and cleared', {
  skip: process.platform === 'win32',
}, async () => {
  await using server = await mailpit(standIn).start();
  const sent = await send(server.smtp, load, 50);
  expect(sent.mails).toBeGreaterThan(0);
  expect(await server.accepted()).toBe(sent.mails);
  await server.clear();
  // Deleted mail counts as accepted.
  expect(await server.accepted()).toBe(sent.mails);
});

test('a program that fails to start ends the measurement', async () => {
  await expect(mailpit('/nowhere/mailpit').start()).rejects.toThrow('/nowhere/mailpit');
});

test('a running server is told to delete its mail through its own API', async () => {
  await using smtp = await bareServer.start();
  const asked: string[] = [];
  const http = await httpServer((what) => {
    asked.push(what);
    return what === 'DELETE /email/all';
  });
  await using server = await running({ name: 'an old one', smtp: placeOf(smtp.smtp), http }).start();
  const sent = await send(server.smtp, load, 50);
  expect(await smtp.accepted()).toBe(sent.mails);
  expect(await server.accepted()).toBeNull();
  asked.length = 0;
  await server.clear();
  expect(asked).toEqual(['DELETE /email/all']);
});

test('a server without such an API is still measured; one that does not answer is not', async () => {
  await using smtp = await bareServer.start();
  const http = await httpServer(() => false);
  for (const given of [http, null]) {
    await using server = await running({ name: 'a stubborn one', smtp: placeOf(smtp.smtp), http: given }).start();
    expect((await send(server.smtp, load, 50)).mails).toBeGreaterThan(0);
    await server.clear();
  }
  const nobody = { name: 'nobody', smtp: { host: '127.0.0.1', port: 1 }, http: null };
  await expect(running(nobody).start()).rejects.toThrow('ECONNREFUSED');
});

function placeOf(at: number | { host: string; port: number }) {
  return typeof at === 'number' ? { host: '127.0.0.1', port: at } : at;
}

/** @param answers whether a request, like `GET /path`, is answered with 200 */
async function httpServer(answers: (what: string) => boolean): Promise<URL> {
  const server = createServer((request, response) => {
    response.writeHead(answers(`${request.method} ${request.url}`) ? 200 : 404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return new URL(`http://127.0.0.1:${Object(server.address()).port}`);
}
