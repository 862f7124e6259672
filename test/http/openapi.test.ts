import { expect, test } from 'vitest';
import { z } from 'zod';
import type { OpenApi } from '../../server/http/docs/openapi.ts';
import { allRoutes } from '../../server/http/handler.ts';
import { problem } from '../../wire/message.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aSession } from '../store/a-session.ts';
import { aServer } from './a-server.ts';

test('every route is described, and every reference leads somewhere', async () => {
  await using server = await aServer();
  const { status, json, text } = await server.ask('GET', '/api/openapi.json');
  expect(status).toBe(200);
  const api: OpenApi = json;
  for (const { method, path } of allRoutes(server.backend)) {
    const operation = api.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method];
    expect([method, path, operation?.summary]).toEqual([method, path, expect.stringMatching(/^[A-Z].*\.$/)]);
  }
  const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
  expect(refs.length).toBeGreaterThan(20);
  for (const ref of refs) {
    const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(ref) ?? [];
    expect([ref, Object.keys(api.components.schemas)]).toEqual([ref, expect.arrayContaining([name])]);
  }
  const operations = Object.values(api.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test('the responses of a route match its description', async () => {
  await using server = await aServer();
  const json = { 'content-type': 'application/json' };
  const bodies: Readonly<Record<string, { headers?: Record<string, string>; body?: string }>> = {
    'patch /api/messages': { headers: json, body: '{"read":true}' },
    'patch /api/messages/:id': { headers: json, body: '{"tags":["x"]}' },
    'post /api/messages': { headers: { 'content-type': 'message/rfc822' }, body: 'Subject: x\r\n\r\n' },
    'put /api/searches/:name': { headers: json, body: '{"q":"is:unread"}' },
    'post /api/expect': { headers: json, body: '{"count":{"min":1},"within":0}' },
  };
  for (const { method, path, doc } of allRoutes(server.backend)) {
    const { id } = await server.store.add(anIncoming({ raw: 'Subject: x\r\n\r\nsee attached: a.txt\r\n' }));
    server.contents.attachment = async () => Buffer.from('x');
    const query = path === '/api/messages' && method !== 'get' && method !== 'post' ? '?all=true' : '';
    await server.store.saveSession(aSession(id));
    const url = path.replace(':session', id).replace(':id', id).replace(':index', '0').replace(':name', 'one') + query;
    const answer = await server.ask(method.toUpperCase(), url, bodies[`${method} ${path}`]);
    // Plain contents have no HTML: then the described response is the problem.
    if (path.endsWith('/html')) {
      expect(problem.parse(answer.json).code).toBe('part-not-found');
      continue;
    }
    expect([method, path, answer.status]).toEqual([method, path, doc.status ?? 200]);
    if (!(doc.gives instanceof z.ZodType))
      expect([doc.gives].flat()).toContain(answer.headers['content-type']?.split(';')[0]);
    else
      expect([method, path, strictly(doc.gives).safeParse(answer.json).error?.message]).toEqual([
        method,
        path,
        undefined,
      ]);
  }
});

/** The same schema, but a field that it does not name is an error. */
function strictly(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && !('openapi' in schema.shape) ? schema.strict() : schema;
}

test('the documentation page has every route, and no script or remote URL', async () => {
  await using server = await aServer();
  const { text, headers } = await server.ask('GET', '/api/docs');
  for (const { path } of allRoutes(server.backend)) expect(text).toContain(path.replaceAll(/:(\w+)/g, '{$1}'));
  expect(text).not.toMatch(/<script|(?:href|src)="https?:|\son\w+=/);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+';/);
});
