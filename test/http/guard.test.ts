import { describe, expect, test } from 'vitest';
import { allRoutes } from '../../server/http/handler.ts';
import { pagePaths } from '../../server/http/pages.ts';
import { problem } from '../../server/http/wire.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer, type TestServer } from './a-server.ts';

/** Every route there is, with the ids of a mail that exists, then the feed and the files of the inbox. */
async function everyRequest({ backend, store }: TestServer) {
  const { id } = await store.add(anIncoming());
  const paths = (path: string) => path.replace(':id', id).replace(':index', '0');
  const routes = allRoutes(backend).map(({ method, path, body = 'none' }) => ({
    method: method.toUpperCase(),
    path: paths(path),
    body,
  }));
  const pages = [...pagePaths.map(paths), '/assets/app.js', '/favicon.svg', '/no/such/page'];
  return [
    ...routes,
    { method: 'GET', path: '/api/feed', body: 'none' },
    ...pages.map((path) => ({ method: 'GET', path, body: 'none' })),
  ];
}

describe('every route', () => {
  test('answers to local names only, so that no stranger can rebind a name to it', async () => {
    await using server = await aServer({}, { hosts: ['mail.corp.example', '*.dev.example'] });
    for (const { method, path } of await everyRequest(server)) {
      for (const host of [
        'evil.example',
        'localhost.evil.example',
        'evil.example:8025',
        '127.0.0.1.evil.example',
        'a@b.c',
        'xdev.example',
      ]) {
        const { status, json } = await server.ask(method, path, { headers: { host } });
        expect([method, path, host, status, json?.code]).toEqual([method, path, host, 421, 'forbidden-host']);
      }
    }
  });

  test.each([
    'localhost',
    'localhost:8025',
    'inbox.localhost',
    '127.0.0.1',
    '10.1.2.3:80',
    '[::1]:8025',
    'mailstop:8025',
    'LOCALHOST.',
    'mail.corp.example',
    'a.b.dev.example',
  ])('answers to %s', async (host) => {
    await using server = await aServer({}, { hosts: ['mail.corp.example', '*.dev.example'] });
    expect((await server.ask('GET', '/livez', { headers: { host } })).status).toBe(200);
  });

  test('takes no write from a page of another origin', async () => {
    await using server = await aServer({}, { origins: ['http://app.localhost:3000'] });
    const host = `127.0.0.1:${server.port}`;
    for (const { method, path } of await everyRequest(server)) {
      if (method === 'GET') continue;
      for (const origin of [
        'http://evil.example',
        'null',
        'http://127.0.0.1:1',
        `https://${host}`,
        `http://localhost:${server.port}`,
      ]) {
        const { status, json } = await server.ask(method, path, { headers: { host, origin } });
        expect([method, path, origin, status, json.code]).toEqual([method, path, origin, 403, 'forbidden-origin']);
      }
    }
    for (const origin of [`http://${host}`, 'http://app.localhost:3000']) {
      const { status } = await server.ask('DELETE', '/api/messages?all=true', { headers: { host, origin } });
      expect([origin, status]).toEqual([origin, 200]);
    }
  });

  test('loads into no page of another site, but for the pictures of a framed mail and links that people follow', async () => {
    await using server = await aServer();
    for (const { method, path } of await everyRequest(server)) {
      const load = await server.ask(method, path, {
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      });
      const picture = method === 'GET' && path.endsWith('/attachments/0');
      expect([method, path, load.status === 403]).toEqual([method, path, !picture]);
      const framed = await server.ask(method, path, {
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      });
      expect([method, path, framed.status === 403]).toEqual([method, path, !picture]);
    }
    const follow = await server.ask('GET', '/livez', {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    });
    expect(follow.status).toBe(200);
  });

  test('takes a body of its own type only', async () => {
    await using server = await aServer();
    for (const { method, path, body } of await everyRequest(server)) {
      if (method === 'GET') continue;
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const { status, json } = await server.ask(method, path, {
          headers: { 'content-type': type },
          body: '{"read":true}',
        });
        expect([method, path, type, status, json.code]).toEqual([method, path, type, 415, 'unsupported-media-type']);
      }
      if (body === 'none') continue;
      const { status } = await server.ask(method, path);
      expect([method, path, status]).toEqual([method, path, 415]);
    }
  });

  test('says which methods it has', async () => {
    await using server = await aServer();
    for (const { path } of await everyRequest(server)) {
      if (!path.startsWith('/api/') || path === '/api/feed') continue;
      const { status, headers, json } = await server.ask('TRACE', path);
      expect([path, status, json.code]).toEqual([path, 405, 'method-not-allowed']);
      expect(headers.allow).toMatch(/^[A-Z, ]+$/);
    }
  });

  test('sends the headers that keep a browser from guessing, leaking and framing', async () => {
    await using server = await aServer();
    for (const { method, path } of await everyRequest(server)) {
      if (method !== 'GET') continue;
      const { headers } = await server.ask(method, path);
      expect([path, headers['x-content-type-options'], headers['referrer-policy']]).toEqual([
        path,
        'nosniff',
        'no-referrer',
      ]);
      expect([path, headers['content-security-policy']]).toEqual([path, expect.stringContaining("default-src 'none'")]);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors '(none|self)'/);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('answers a fault with a problem that names it', async () => {
    await using server = await aServer();
    const faults: readonly [string, string, number, string, RegExp][] = [
      ['GET', '/api/nothing', 404, 'not-found', /\/api\/nothing/],
      ['GET', '/api/messages/short', 400, 'bad-request', /message id.*"short"/],
      ['GET', '/api/messages/..%2F..%2Fetc%2Fpasswd', 400, 'bad-request', /message id/],
      ['GET', '/api/messages/no-such-mail', 404, 'message-not-found', /no-such-mail/],
      ['GET', '/api/messages?limit=many', 400, 'bad-request', /"limit": expected a whole number, got "many"/],
      ['GET', '/api/messages?limit=0', 400, 'bad-request', /"limit"/],
      ['GET', '/api/messages?limit=5000', 400, 'bad-request', /500/],
      ['GET', '/api/messages?q=is:red', 400, 'bad-query', /column 4.*red/],
      ['GET', '/api/messages?q=a&q=b', 400, 'bad-request', /"q"/],
      ['DELETE', '/api/messages', 400, 'bad-request', /all=true/],
      ['DELETE', '/api/messages?q=', 400, 'bad-request', /all=true/],
      ['DELETE', '/api/messages?q=%20', 400, 'bad-request', /all=true/],
      ['DELETE', '/api/messages?all=1', 400, 'bad-request', /all=true/],
      ['GET', '/api/messages/latest', 404, 'message-not-found', /no mail yet/],
      ['GET', '/api/messages/%E0%A4%A', 400, 'bad-request', /can't be read/],
    ];
    for (const [method, path, status, code, detail] of faults) {
      const answer = await server.ask(method, path);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(problem.parse(answer.json)).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
    }
    expect(server.logged).toEqual([]);
  });

  test('a fault of our own is logged and tells the client nothing of the inside', async () => {
    await using server = await aServer();
    server.contents.content = () => Promise.reject(new Error('secret detail'));
    const { id } = await server.store.add(anIncoming());
    const { status, text } = await server.ask('GET', `/api/messages/${id}`);
    expect(status).toBe(500);
    expect(text).not.toMatch(/secret|at /);
    expect(server.logged.join()).toMatch(/secret detail/);
  });
});
