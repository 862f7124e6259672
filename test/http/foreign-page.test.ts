import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { anIncoming } from '../message/a-summary.ts';
import { aServer, type TestServer } from './a-server.ts';
import { everyRequest, pathOf } from './every-request.ts';

/**
 * Every request that a page of another origin can make, to two servers with different mail. The responses must be equal:
 * then the page can learn nothing, however a browser lets it distinguish responses.
 */

const PIXEL = Buffer.from('R0lGODlhAQABAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
const QUESTION = 'q=482913';

/** As browsers send them: https://w3c.github.io/webappsec-fetch-metadata/ */
const LOADS: readonly (readonly [mode: string, dest: string])[] = [
  ...['document', 'iframe', 'frame', 'object', 'embed', 'fencedframe'].map((dest) => ['navigate', dest] as const),
  ...['image', 'script', 'style', 'video', 'audio', 'track', 'empty', 'embed', 'object', 'report'].map(
    (dest) => ['no-cors', dest] as const,
  ),
  ...['empty', 'font', 'script', 'manifest', 'image', 'json'].map((dest) => ['cors', dest] as const),
  ...['worker', 'sharedworker', 'serviceworker'].map((dest) => ['same-origin', dest] as const),
  ['websocket', 'empty'],
];

const accepting = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

/** What Chromium, Firefox and Safari send with `fetch` and pictures if they do not send Sec-Fetch headers. */
const loading = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  accept: '*/*',
  'accept-language': 'en-US,en;q=0.5',
};

/** Headers that a browser sends with a request from that page. @param port port of the server */
function foreign(port: number): readonly Record<string, string>[] {
  const told = ['cross-site', 'same-site'].flatMap((site) =>
    LOADS.map(([mode, dest]) => ({
      'sec-fetch-site': site,
      'sec-fetch-mode': mode,
      'sec-fetch-dest': dest,
      ...accepting,
    })),
  );
  // The page under development is on another port of this machine: the same site.
  const origins = ['null', 'http://evil.example', `https://localhost:${port}`, 'http://localhost:3000', 'file://', ''];
  const hosts = ['evil.example', `localhost.evil.example:${port}`, '127.0.0.1.evil.example'];
  return [
    ...told,
    ...told.slice(0, 1).map((headers) => ({ ...headers, origin: 'null' })),
    ...origins.map((origin) => ({ origin })),
    ...origins.map((origin) => ({ origin, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })),
    ...hosts.map((host) => ({ host })),
  ];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

function ask(port: number, method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { host: 'localhost', ...headers }, agent });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // On a busy machine the server ends a connection as idle while it is used again.
      const ended = sent.reusedSocket && error.code === 'ECONNRESET';
      return ended ? resolve(ask(port, method, path, headers)) : reject(error);
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: {}, body: '' });
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { date: _, ...rest } = response.headers;
        resolve({ status: response.statusCode ?? 0, headers: rest, body: Buffer.concat(chunks).toString('latin1') });
      });
    });
    sent.end();
  });
}

/** One has the mail that the page queries for, the other does not. */
async function twoServers(): Promise<readonly [TestServer, TestServer]> {
  const [one, other] = [await aServer(), await aServer()];
  one.contents.attachment = async () => PIXEL;
  await one.store.add(anIncoming({ raw: 'Subject: 482913\r\n\r\nattached: code.gif 482913\r\n' }));
  await one.store.add(anIncoming({ raw: 'Subject: 482913\r\n\r\nattached: code.gif again\r\n' }));
  await other.store.add(anIncoming({ raw: 'Subject: nothing\r\n\r\nof interest\r\n' }));
  for (const { store } of [one, other])
    for (const id of await store.ids({ match: 'everything' })) await store.content(id);
  return [one, other];
}

/** Other spellings of a path, which the router might accept and the guard might miss. */
function spellings(path: string): readonly string[] {
  const encoded = path.replace('latest', '%6Catest').replace('/api', '/%61pi');
  return [
    path,
    `${path}?${QUESTION}`,
    `${encoded}?%71=482913`,
    `${path.toUpperCase()}/?${QUESTION}`,
    `/${path}?${QUESTION}`,
    `/assets/..${path}?${QUESTION}`,
  ];
}

describe('a page of another origin', () => {
  test('gets the same response to every request, whatever mail is stored', { timeout: 600_000 }, async () => {
    const [one, other] = await twoServers();
    await using _ = one;
    await using __ = other;
    const requests = await everyRequest(one.backend);
    expect(requests.length).toBeGreaterThan(25);
    for (const { method, pattern } of requests) {
      const paths = [
        ...spellings(pathOf(pattern, 'latest')),
        ...(pattern.includes(':id') ? [pathOf(pattern, 'no-such-mail')] : []),
      ];
      for (const path of paths) {
        for (const verb of new Set([method, 'HEAD', 'OPTIONS'])) {
          await Promise.all(
            foreign(8025).map(async (headers) => {
              const answers = await Promise.all([one, other].map(({ port }) => ask(port, verb, path, headers)));
              // Tens of thousands: what makes a fine report is slow.
              if (isDeepStrictEqual(answers[0], answers[1])) return;
              expect([verb, path, headers, answers[0]]).toEqual([verb, path, headers, answers[1]]);
            }),
          );
        }
      }
    }
    expect((await one.store.stats()).counts).toMatchObject({ total: 2, unread: 2 });
    expect(one.logged).toEqual([]);
  });

  test.each([
    ['opens', [accepting]],
    // A page may choose to send no Referer.
    ['loads', [loading, { ...loading, referer: 'http://evil.example/' }, { ...loading, range: 'bytes=0-0' }]],
  ])('that the browser does not announce, over plain HTTP, %s nothing that depends on mail', async (_, requests) => {
    const [one, other] = await twoServers();
    await using _one = one;
    await using _other = other;
    for (const { method, pattern } of await everyRequest(one.backend)) {
      if (method !== 'GET') continue;
      const path = pathOf(pattern, 'latest');
      // One server has as many mails as the wait needs; the other must not take longer.
      const waits = path.endsWith('/wait') ? ['?count=2', '?count=2&after=0', '/?COUNT=2', '?timeout=0'] : [];
      for (const asked of [...spellings(path), ...waits.map((wait) => path + wait)]) {
        for (const headers of requests) {
          const answers = await Promise.all([one, other].map(({ port }) => ask(port, 'GET', asked, headers)));
          expect([asked, answers[0]]).toEqual([asked, answers[1]]);
          if (waits.length > 0 && asked.startsWith(path)) expect([asked, answers[0]?.status]).toEqual([asked, 403]);
        }
      }
    }
  });

  test('is distinguished from the inbox and from programs', async () => {
    await using server = await aServer();
    const path = '/api/messages?q=x';
    const status = async (headers: Record<string, string>) => (await ask(server.port, 'GET', path, headers)).status;
    expect(await status(loading)).toBe(403);
    expect(await status({ ...loading, referer: 'http://localhost.evil.example/' })).toBe(403);
    expect(await status({ ...loading, host: 'mailstop:8025', referer: 'http://mailstop/' })).toBe(403);
    expect(await status({ ...loading, host: 'mailstop:8025', referer: 'http://Mailstop:8025/messages/x' })).toBe(200);
    // As the feed is opened, without a Referer.
    expect(await status({ ...loading, host: 'mailstop:8025', origin: 'http://mailstop:8025' })).toBe(200);
    // Programs that call themselves a browser, and others.
    const { 'user-agent': agent } = loading;
    expect(await status({ 'user-agent': agent, accept: '*/*' })).toBe(200);
    expect(await status({ 'user-agent': 'node', 'accept-language': '*', 'sec-fetch-mode': 'cors' })).toBe(200);
    expect(await status({})).toBe(200);
  });

  test('may be the inbox if the browser does not announce it, and may open mails by id', async () => {
    await using server = await aServer();
    server.contents.attachment = async () => PIXEL;
    await server.store.add(anIncoming());
    const [id = ''] = await server.store.ids({ match: 'everything' });
    await server.store.content(id);
    const mail = `/api/messages/${id}`;
    const opened = ['', '/raw', '/html', '/html?remote=1', '/text', '/headers', '/parts', '/attachments/0'];
    const others = ['/', '/connect', `/messages/${id}?q=a`, '/livez', '/readyz', '/api/docs', '/api/openapi.json'];
    for (const path of [...opened.map((part) => mail + part), ...others, '/api/certificate']) {
      expect([path, (await ask(server.port, 'GET', path, accepting)).status]).not.toEqual([path, 403]);
    }
    for (const path of [`${mail}/raw?q=a`, `${mail}/html?remote=1&q=a`, '/api/messages', '/api/none', '/api']) {
      expect([path, (await ask(server.port, 'GET', path, accepting)).status]).toEqual([path, 403]);
      const typed = { ...accepting, 'sec-fetch-site': 'none' };
      expect([path, (await ask(server.port, 'GET', path, typed)).status]).not.toEqual([path, 403]);
    }
  });

  test('cannot open the feed, however it spells the path', async () => {
    await using server = await aServer();
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    for (const path of [
      '/api/feed',
      '/%61pi/feed',
      '/api/%66eed',
      '/API/FEED',
      '//api/feed',
      '/api/feed/',
      '/api/../api/feed',
      '/',
    ]) {
      for (const headers of foreign(server.port)) {
        const { status } = await ask(server.port, 'GET', path, { ...upgrade, ...headers });
        expect([path, headers, status < 400]).toEqual([path, headers, false]);
      }
    }
    expect((await ask(server.port, 'GET', '/api/feed', upgrade)).status).toBe(101);
  });
});

test('an id cannot be guessed: 60 of its bits are random', async () => {
  const { idMaker } = await import('../../server/store/ids.ts');
  const { randomBytes } = await import('node:crypto');
  const id = idMaker(() => new Date(0), randomBytes);
  const made = Array.from({ length: 4000 }, () => id().slice(-12));
  expect(new Set(made).size).toBe(made.length);
  for (let at = 0; at < 12; at++) expect(new Set(made.map((random) => random[at])).size).toBe(32);
});
