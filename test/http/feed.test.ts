import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startHttp } from '../../server/http/server.ts';
import { silent } from '../../server/log.ts';
import { type Frame, frame } from '../../wire/frame.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer } from './a-server.ts';

/** A client of the feed whose frames are read one by one. */
class Listener implements Disposable {
  readonly #ws: WebSocket;
  readonly #frames: Frame[] = [];
  #wake = () => {};
  readonly closed: Promise<number>;

  constructor(port: number, query = '', headers: Record<string, string> = {}) {
    this.#ws = new WebSocket(`ws://127.0.0.1:${port}/api/feed${query}`, { headers });
    this.#ws.on('message', (data) => {
      this.#frames.push(frame.parse(JSON.parse(String(data))));
      this.#wake();
    });
    this.closed = new Promise((resolve) => this.#ws.on('close', resolve));
    this.#ws.on('error', () => {});
  }

  async next(): Promise<Frame> {
    for (;;) {
      const next = this.#frames.shift();
      if (next) return next;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Stops reading from the socket, like a client that hangs. */
  pause(): void {
    this.#ws.pause();
  }

  get raw(): WebSocket {
    return this.#ws;
  }

  [Symbol.dispose](): void {
    this.#ws.terminate();
  }
}

/** The response to a rejected upgrade. */
function refusal(port: number, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    ws.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      ws.terminate();
    });
    ws.on('open', () => reject(new Error('it was let in')));
    ws.on('error', () => {});
  });
}

test('a client gets the current state first, then every change in order', async () => {
  await using server = await aServer();
  await server.store.add(anIncoming());
  using feed = new Listener(server.port);
  expect(await feed.next()).toMatchObject({ type: 'hello', seq: 1, counts: { total: 1, unread: 1 }, resumed: false });

  const { id } = await server.store.add(anIncoming({ raw: 'Subject: live\r\n\r\n' }));
  await server.store.update([id], { read: true });
  await server.store.remove([id]);
  await server.store.clear();
  expect(await feed.next()).toMatchObject({
    type: 'added',
    seq: 2,
    message: { id, subject: 'live' },
    counts: { total: 2 },
  });
  expect(await feed.next()).toMatchObject({
    type: 'updated',
    seq: 3,
    ids: [id],
    change: { read: true },
    counts: { unread: 1 },
  });
  expect(await feed.next()).toMatchObject({ type: 'removed', seq: 4, ids: [id], reason: 'deleted' });
  expect(await feed.next()).toMatchObject({ type: 'cleared', seq: 5, counts: { total: 0 } });
});

test('a returning client gets what it missed, without a gap or a repeat', async () => {
  await using server = await aServer();
  for (let i = 0; i < 5; i++) await server.store.add(anIncoming());
  using feed = new Listener(server.port, '?after=2');
  // Mail that arrives during the hello comes after the missed events.
  for (let i = 0; i < 5; i++) await server.store.add(anIncoming());
  expect(await feed.next()).toMatchObject({ type: 'hello', seq: 2, resumed: true });
  for (let seq = 3; seq <= 10; seq++) expect(await feed.next()).toMatchObject({ type: 'added', seq });
});

test('a client that was away too long, or from an earlier run, is told to start over', async () => {
  await using server = await aServer({ messages: 10 });
  for (let i = 0; i < 1100; i++) await server.store.add(anIncoming());
  const { seq } = await server.store.stats();
  for (const asked of ['after=1', `after=${seq + 1}`, `after=${seq}&epoch=an-earlier-one`]) {
    using feed = new Listener(server.port, `?${asked}`);
    expect(await feed.next()).toMatchObject({ type: 'hello', seq, resumed: false });
  }
});

test('a returning client gets megabytes of missed events at its own pace, and newer events after them', async () => {
  await using server = await aServer();
  const { id } = await server.store.add(anIncoming());
  const tags = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(400, '.'));
  const update = (i: number) => server.store.update([id], { tags: [...tags, `${i}`] });
  for (let i = 0; i < 500; i++) await update(i);
  using feed = new Listener(server.port, '?after=1');
  expect(await feed.next()).toMatchObject({ type: 'hello', seq: 1, resumed: true });
  feed.pause();
  for (let i = 0; i < 100; i++) await update(500 + i);
  feed.raw.resume();
  for (let seq = 2; seq <= 601; seq++) expect((await feed.next()).seq).toBe(seq);
  await server.store.clear();
  expect(await feed.next()).toMatchObject({ type: 'cleared', seq: 602 });
});

test('a client that missed many lists of saved searches is told to start over', async () => {
  await using server = await aServer();
  for (let i = 0; i < 20; i++) await server.store.saveSearch({ name: 'x', q: `${i}` });
  using feed = new Listener(server.port, '?after=1');
  expect(await feed.next()).toMatchObject({ type: 'hello', seq: 1, resumed: true });
  for (let seq = 2; seq < 20; seq++) expect(await feed.next()).toMatchObject({ type: 'updated', seq, ids: [] });
  expect(await feed.next()).toMatchObject({ type: 'searches', seq: 20, searches: [{ name: 'x', q: '19' }] });
});

test('strangers are refused before the upgrade', async () => {
  await using server = await aServer();
  expect(await refusal(server.port, '/api/feed', { origin: 'http://evil.example' })).toBe(403);
  expect(await refusal(server.port, '/api/feed', { host: 'evil.example' })).toBe(421);
  expect(await refusal(server.port, '/api/feed', { 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await refusal(server.port, '/api/other')).toBe(404);
  expect(await refusal(server.port, '/api/feed?after=x')).toBe(400);
  using ours = new Listener(server.port, '', { origin: `http://127.0.0.1:${server.port}` });
  expect(await ours.next()).toMatchObject({ type: 'hello' });
});

test('a client that stops reading is disconnected; the others are not affected', async () => {
  await using server = await aServer({ messages: 100_000, bytes: 1024 ** 3 });
  using slow = new Listener(server.port);
  using quick = new Listener(server.port);
  await slow.next();
  await quick.next();
  slow.pause();
  // The sockets' buffers take some megabytes; after that each frame would wait in our memory.
  const tags = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(100, '.'));
  const { id } = await server.store.add(anIncoming());
  for (let i = 0; i < 3000; i++) {
    await server.store.update([id], { tags: [...tags, String(i)] });
    await quick.next();
  }
  slow.raw.resume();
  expect(await slow.closed).toBe(1006);
});

test('in a burst of mail, many clients that read miss nothing', async () => {
  await using server = await aServer({ messages: 10_000, bytes: 1e9 });
  const clients = Array.from({ length: 20 }, () => {
    const ws = new WebSocket(`ws://127.0.0.1:${server.port}/api/feed`);
    const seqs: number[] = [];
    const done = new Promise<void>((resolve) => {
      ws.on('close', () => resolve());
      ws.on('message', (data) => {
        seqs.push(Number(/"seq":(\d+)/.exec(String(data))?.[1]));
        if (seqs.length > 4000) resolve();
      });
    });
    return { ws, seqs, done, open: once(ws, 'message') };
  });
  await Promise.all(clients.map(({ open }) => open));
  for (let at = 0; at < 4000; at += 200)
    await Promise.all(Array.from({ length: 200 }, () => server.store.add(anIncoming())));
  await Promise.all(clients.map(({ done }) => done));
  for (const { ws, seqs } of clients) {
    ws.terminate();
    expect(seqs.slice(0, 4001)).toEqual(Array.from({ length: 4001 }, (_, seq) => seq));
  }
});

test('a client that sends too much is disconnected', async () => {
  await using server = await aServer();
  using feed = new Listener(server.port);
  await feed.next();
  feed.raw.send('x'.repeat(5000));
  expect(await feed.closed).toBe(1009);
});

test('on stop, clients get a close frame', async () => {
  const server = await aServer();
  using feed = new Listener(server.port);
  await feed.next();
  await server[Symbol.asyncDispose]();
  expect([1001, 1006]).toContain(await feed.closed);
});

test.each([
  ['was refused', '/api/other', 404],
  ['listens', '/api/feed', 101],
])('a client that %s and never closes its side does not delay a stop', async (_, path, status) => {
  await using server = await aServer();
  const options = { host: '127.0.0.1', port: 0, log: silent, allowedHosts: [], allowedOrigins: [], grace: 0 };
  const http = await startHttp(options);
  http.serve(server.backend);
  const socket = connect({ host: '127.0.0.1', port: http.port, allowHalfOpen: true });
  try {
    const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(`HTTP/1.1 ${status} `);
    socket.pause();
    await http[Symbol.asyncDispose]();
  } finally {
    socket.destroy();
  }
});
