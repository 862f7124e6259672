import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startHttp } from '../../server/http/server.ts';
import { silent } from '../../server/log.ts';
import { aServer, ask } from './a-server.ts';

test('while mail is being read, the inbox opens and everything else reports the progress', async () => {
  await using server = await aServer();
  let done = 430;
  const options = { host: '127.0.0.1', port: 0, log: silent, allowedHosts: [], allowedOrigins: [] };
  await using http = await startHttp({ ...options, progress: () => ({ done, total: 1000 }) });
  const { port } = http;

  expect((await ask(port, 'GET', '/livez')).status).toBe(200);
  const ready = await ask(port, 'GET', '/readyz');
  expect([ready.status, ready.json]).toEqual([
    503,
    { ready: false, smtp: 'not open yet', disk: null, loading: { done: 430, total: 1000 } },
  ]);
  expect((await ask(port, 'GET', '/')).headers['content-type']).toMatch(/^text\/html/);
  done = 990;
  for (const [method, path] of [
    ['GET', '/api/messages'],
    ['DELETE', '/api/messages?all=true'],
    ['GET', '/api/server'],
  ] as const) {
    const { status, headers, json } = await ask(port, method, path);
    expect([path, status, json.code, headers['retry-after']]).toEqual([path, 503, 'starting', '1']);
    expect(json.detail).toBe('Mailstop is starting and still reading its mail: 99 % of 1000 files so far.');
  }
  expect((await ask(port, 'GET', '/api/messages', { headers: { host: 'evil.example' } })).status).toBe(421);
  const refused = await new Promise((resolve) => {
    new WebSocket(`ws://127.0.0.1:${port}/api/feed`).on('unexpected-response', (_, response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  expect(refused).toBe(503);

  http.serve(server.backend);
  expect((await ask(port, 'GET', '/api/messages')).status).toBe(200);
  expect((await ask(port, 'GET', '/readyz')).json).toMatchObject({ ready: true, loading: null });
});

test('a failed start closes the port, and waiting clients are disconnected', async () => {
  const http = await startHttp({ host: '127.0.0.1', port: 0, log: silent, allowedHosts: [], allowedOrigins: [] });
  const waiting = ask(http.port, 'GET', '/api/messages');
  const failed = expect(waiting).rejects.toThrow();
  await http[Symbol.asyncDispose]();
  await failed;
  await expect(ask(http.port, 'GET', '/livez')).rejects.toThrow('ECONNREFUSED');
});
