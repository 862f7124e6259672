import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { problem } from '../../wire/message.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer, type TestServer } from './a-server.ts';
import { everyRequest, pathOf } from './every-request.ts';

/** Every request there is, with the id of a mail that exists. */
async function everyRequestOf({ backend, store }: TestServer) {
  const { id } = await store.add(anIncoming());
  return (await everyRequest(backend)).map(({ pattern, ...request }) => ({ ...request, path: pathOf(pattern, id) }));
}

const loading = (mode: string, dest: string) => ({ 'sec-fetch-mode': mode, 'sec-fetch-dest': dest });

/** Sends raw octets, and reads until the server closes. */
async function exchange(port: number, octets: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(octets);
  return text(socket);
}

describe('every route', () => {
  test('answers only to local names, against DNS rebinding', async () => {
    await using server = await aServer({}, { hosts: ['mail.corp.example', '*.dev.example'] });
    for (const { method, path } of await everyRequestOf(server)) {
      for (const host of [
        'evil.example',
        'localhost.evil.example',
        'evil.example:8025',
        '127.0.0.1.evil.example',
        'a@b.c',
        'evil%2eexample',
        'localhost, evil.example',
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

  test('accepts no write from a page of another origin', async () => {
    await using server = await aServer({}, { origins: ['http://app.localhost:3000'] });
    const host = `127.0.0.1:${server.port}`;
    for (const { method, path } of await everyRequestOf(server)) {
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

  test('loads into no page of another origin, except pictures of a framed mail and links to a page', async () => {
    await using server = await aServer();
    const follow = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const linkable = ['/', '/connect', '/messages/mail-0001', '/api/docs'];
    for (const { method, path } of await everyRequestOf(server)) {
      for (const site of ['cross-site', 'same-site', 'unheard-of', 'same-origin, cross-site']) {
        const ask = async (headers: Record<string, string>, at = path) =>
          (await server.ask(method, at, { headers: { 'sec-fetch-site': site, ...headers } })).status === 403;
        const picture = method === 'GET' && path.endsWith('/attachments/0');
        expect([method, path, await ask(loading('no-cors', 'image'))]).toEqual([method, path, !picture]);
        expect([method, path, await ask(loading('navigate', 'iframe'))]).toEqual([method, path, true]);
        expect([method, path, await ask(loading('cors', 'empty'))]).toEqual([method, path, true]);
        expect([method, path, await ask(follow)]).toEqual([method, path, !linkable.includes(path)]);
        // Of the framed mail, as Chromium sends it.
        expect(await ask({ ...loading('no-cors', 'image'), origin: 'null' })).toBe(!picture);
        if (picture) expect(await ask(loading('no-cors', 'image'), `${path}?q=a`)).toBe(true);
      }
    }
  });

  test('a link from a foreign page leads to the inbox without running its search, or marking a mail as read', async () => {
    await using server = await aServer();
    const led = async (path: string, headers: Record<string, string>) => {
      const { status, headers: answered } = await server.ask('GET', path, {
        headers: { ...loading('navigate', 'document'), ...headers },
      });
      return status === 303 ? answered['location'] : status;
    };
    const untold = { accept: 'application/xhtml+xml', 'user-agent': 'Mozilla/5.0', 'accept-language': 'en' };
    for (const foreign of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, untold]) {
      expect(await led('/?q=from:ada', foreign)).toBe('/?ask=from%3Aada');
      expect(await led('/?q=%26x%3D%23', foreign)).toBe('/?ask=%26x%3D%23');
      expect(await led('/messages/mail-0001?q=a&tab=text', foreign)).toBe('/messages/mail-0001?tab=text&ask=a');
      expect(await led('/messages/mail-0001', foreign)).toBe('/messages/mail-0001?ask=');
      expect(await led('/?ask=a&q=b', foreign)).toBe('/?ask=b');
      for (const path of ['/', '/connect', '/?ask=a', '/messages/mail-0001?ask='])
        expect(await led(path, foreign)).toBe(200);
    }
    for (const own of ['same-origin', 'none']) expect(await led('/?q=from:ada', { 'sec-fetch-site': own })).toBe(200);
    expect(await led('/?q=from:ada', {})).toBe(200);
  });

  test('answers programs, our own page, and the address bar', async () => {
    await using server = await aServer();
    await server.store.add(anIncoming());
    const host = `127.0.0.1:${server.port}`;
    const callers: Record<string, string>[] = [
      {},
      { accept: '*/*', 'user-agent': 'curl/8.5.0' },
      { accept: 'text/html, image/gif, image/jpeg, */*; q=0.2', 'user-agent': 'Java/21.0.5' },
      { 'sec-fetch-site': 'same-origin', ...loading('cors', 'empty') },
      { 'sec-fetch-site': 'same-origin', ...loading('cors', 'empty'), origin: `http://${host}` },
      { 'sec-fetch-site': 'none', ...loading('navigate', 'document'), accept: 'text/html,*/*' },
    ];
    for (const headers of callers) {
      const { status } = await server.ask('GET', '/api/messages/latest/raw?q=is:unread', {
        headers: { host, ...headers },
      });
      expect([headers, status]).toEqual([headers, 200]);
    }
  });

  test('rejects ambiguous requests', async () => {
    await using server = await aServer();
    const raw = (head: string) => exchange(server.port, `${head}\r\nConnection: close\r\n\r\n`);
    expect(await raw('GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example')).toMatch(
      /^HTTP\/1.1 400 .*"Expected one Host header, got 2/s,
    );
    expect(await raw('GET http://localhost/livez HTTP/1.1\r\nHost: localhost')).toMatch(
      /^HTTP\/1.1 400 .*begins with/s,
    );
    expect(await raw('GET /livez#/x HTTP/1.1\r\nHost: localhost')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw('GET /livez HTTP/1.1')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw('GET /livez HTTP/1.0')).toMatch(/^HTTP\/1.1 421 /);
    expect(
      await raw('GET /livez HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example'),
    ).toMatch(/^HTTP\/1.1 403 /);
    expect(await raw('GET /livez HTTP/1.1\r\nHost: localhost')).toMatch(/^HTTP\/1.1 200 /);

    await server.store.add(anIncoming());
    const override = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };
    await server.ask('GET', '/api/messages/mail-0001?_method=DELETE&method=DELETE', { headers: override });
    expect((await server.store.stats()).counts.total).toBe(1);
  });

  test('accepts only a body of its own type', async () => {
    await using server = await aServer();
    for (const { method, path, body } of await everyRequestOf(server)) {
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
    for (const { path } of await everyRequestOf(server)) {
      if (!path.startsWith('/api/') || path === '/api/feed') continue;
      const { status, headers, json } = await server.ask('TRACE', path);
      expect([path, status, json.code]).toEqual([path, 405, 'method-not-allowed']);
      expect(headers.allow).toMatch(/^[A-Z, ]+$/);
    }
  });

  test('sends headers against sniffing, leaks and framing, even when it rejects a request', async () => {
    await using server = await aServer();
    const asked = [
      {},
      { host: 'evil.example' },
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'application/json' },
      { accept: 'text/html' },
    ];
    for (const { method, path } of await everyRequestOf(server)) {
      for (const verb of [method, 'HEAD', 'OPTIONS', 'PUT']) {
        for (const wanted of asked) {
          const { headers, status } = await server.ask(verb, path, { headers: wanted });
          const at = `${verb} ${path} ${JSON.stringify(wanted)}`;
          const isPage = status < 300 && !path.startsWith('/api/') && /html/.test(headers['content-type'] ?? '');
          expect([at, headers]).toEqual([
            at,
            expect.objectContaining({
              'x-content-type-options': 'nosniff',
              // On plain HTTP, browsers identify the inbox only by the Referer.
              'referrer-policy': isPage ? 'same-origin' : 'no-referrer',
              'cross-origin-opener-policy': 'same-origin',
              'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors '(none|self)'/),
              'cache-control':
                path.startsWith('/assets/') && status < 300 ? expect.stringContaining('immutable') : 'no-store',
            }),
          ]);
          // The framed mail, which has no origin, must be able to show its pictures.
          const framed = path.endsWith('/attachments/0');
          expect([at, headers['cross-origin-resource-policy']]).toEqual([at, framed ? undefined : 'same-origin']);
          expect([at, Object.keys(headers).filter((name) => /^access-control|^x-powered-by/.test(name))]).toEqual([
            at,
            [],
          ]);
        }
      }
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
      ['DELETE', '/api/messages', 400, 'bad-request', /would delete every mail. Add all=true/],
      ['DELETE', '/api/messages?q=', 400, 'bad-request', /all=true/],
      ['DELETE', '/api/messages?q=%20', 400, 'bad-request', /all=true/],
      ['DELETE', '/api/messages?all=1', 400, 'bad-request', /expected "true"/],
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

  test('an internal error is logged, and the client learns no details', async () => {
    await using server = await aServer();
    server.contents.content = () => Promise.reject(new Error('secret detail'));
    const { id } = await server.store.add(anIncoming());
    const { status, text } = await server.ask('GET', `/api/messages/${id}`);
    expect(status).toBe(500);
    expect(text).not.toMatch(/secret|at /);
    expect(server.logged.join()).toMatch(/secret detail/);
  });
});
