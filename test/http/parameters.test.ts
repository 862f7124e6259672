import { expect, test } from 'vitest';
import type { z } from 'zod';
import { allRoutes } from '../../server/http/handler.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer } from './a-server.ts';
import { pathOf } from './every-request.ts';

const BODIES = { none: {}, 'application/json': { body: '{}' }, 'message/rfc822': { body: 'Subject: x\r\n\r\n' } };

const PROBES = ['/livez', '/readyz'];

test('every route except those for probes rejects an unknown parameter', async () => {
  await using server = await aServer();
  const { id } = await server.store.add(anIncoming());
  const seen = new Set<string>();
  for (const { method, path, body = 'none' } of allRoutes(server.backend)) {
    if (PROBES.includes(path)) continue;
    const headers = body === 'none' ? {} : { 'content-type': body };
    const { status, json } = await server.ask(method.toUpperCase(), `${pathOf(path, id)}?nonsense=1`, {
      ...BODIES[body],
      headers,
    });
    expect([method, path, status, json.code]).toEqual([method, path, 400, 'bad-request']);
    expect(json.detail).toMatch(/^query parameter "nonsense" is not known here: expected /);
    seen.add(`${method} ${path}`);
  }
  expect(seen.size).toBeGreaterThan(20);
  expect((await server.store.stats()).counts.total).toBe(1);
});

test.each(PROBES)('%s accepts any parameter, since probes add some', async (path) => {
  await using server = await aServer();
  const { status, json } = await server.ask('GET', `${path}?x=1`);
  expect({ status, json }).toEqual(await server.ask('GET', path).then(({ status, json }) => ({ status, json })));
  expect(status).not.toBe(400);
});

test.each([
  ['/api/messages?Q=subject:x', 'query parameter "Q" is not known here: did you mean "q"?'],
  ['/api/messages?limti=3', 'query parameter "limti" is not known here: did you mean "limit"?'],
  ['/api/messages?limit=3&limit=4', 'query parameter "limit": expected a whole number, got ["3","4"]'],
  ['/api/messages?limit=-1', 'query parameter "limit": expected a whole number, got "-1"'],
  ['/api/messages?before=9007199254740992', /^query parameter "before": expected at most 9007199254740991, got/],
  ['/api/messages?limit=0', 'query parameter "limit": expected at least 1, got 0'],
  ['/api/messages?q=a&q=b', 'query parameter "q": expected text, got ["a","b"]'],
  ['/api/messages/short', 'message id: expected an id of 8 to 64 letters, digits, "-" and "_", got "short"'],
  ['/api/messages?ids=a,b', 'query parameter "ids": expected an id of 8 to 64 letters, digits, "-" and "_", got "a"'],
  [
    '/api/messages/wait?q=',
    'query parameter "q" is empty, so every mail would pass: say what is expected, or leave it out',
  ],
  ['/api/messages?full=1&limit=300', /^query parameter "limit" with full=1: .*200/],
  ['/api/messages/latest/html?remote=nil', 'query parameter "remote": expected "1", got "nil"'],
  ['/api/server?__proto__=1', 'query parameter "__proto__" is not known here: expected none'],
])('%s is refused', async (path, detail) => {
  await using server = await aServer();
  const { status, json } = await server.ask('GET', path);
  expect([status, json.code]).toEqual([400, 'bad-request']);
  expect(json.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
});

test.each(['DELETE', 'PATCH'])('%s accepts only "true"', async (method) => {
  await using server = await aServer();
  await server.store.add(anIncoming());
  const patch = method === 'PATCH' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
  const { status, json } = await server.ask(method, '/api/messages?all=nope', patch);
  expect([status, json.detail]).toEqual([
    400,
    'query parameter "all": expected "true", which means every mail, got "nope"',
  ]);
  expect((await server.store.stats()).counts.total).toBe(1);
});

test('described parameters are accepted', async () => {
  await using server = await aServer();
  const path = '/api/messages?before=9007199254740991&after=0&offset=0&limit=500&q=';
  expect((await server.ask('GET', path)).status).toBe(200);
  for (const { method, path, doc } of allRoutes(server.backend)) {
    for (const [name, schema] of Object.entries(doc.query?.shape ?? {})) {
      expect([method, path, name, (schema as z.ZodType).description]).toEqual([
        method,
        path,
        name,
        expect.stringMatching(/\.$/),
      ]);
      // Each may be left out.
      expect([name, (schema as z.ZodType).safeParse(undefined).success]).toEqual([name, true]);
    }
  }
});
