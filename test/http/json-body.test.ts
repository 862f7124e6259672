import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { problem } from '../../wire/message.ts';
import { cpuMeter, least } from '../cpu.ts';
import { anIncoming } from '../message/a-summary.ts';
import { type Answer, aServer, type TestServer } from './a-server.ts';
import { everyRequest, pathOf } from './every-request.ts';

/** CPU time of the process that one body may cost, including the test's own part. */
const MOST_CPU_MS = 150;
/** Octets of the answer to a wrong body. */
const LONGEST_ANSWER = 8192;

const json = 'application/json';

/** Every route that takes JSON, with a mail in the store. */
async function jsonRoutes(server: TestServer) {
  const { id } = await server.store.add(anIncoming());
  const routes = (await everyRequest(server.backend)).filter(({ body }) => body === json);
  expect(routes.length).toBeGreaterThanOrEqual(4);
  return routes.map(({ method, pattern }) => ({
    method,
    path: `${pathOf(pattern, id)}${pattern === '/api/messages' ? '?all=true' : ''}`,
  }));
}

/** Sends at least two requests, since the first one loads modules. */
async function measured(ask: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly cpu: number }> {
  let answer = await ask();
  const cpu = await least(MOST_CPU_MS, async () => {
    const spent = cpuMeter();
    answer = await ask();
    return spent();
  });
  return { answer, cpu };
}

const keys = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, value]));
const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

/** Bodies that are too complex or that no route accepts: each gives 400. */
const wrong: Readonly<Record<string, string | Buffer>> = {
  'nested arrays': nested(30_000, '[', ']'),
  'nested arrays that do not end': '['.repeat(60_000),
  'nested objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'nested tests': `{"message":{"subject":${'{"not":'.repeat(8000)}"a"${'}'.repeat(8000)}}}`,
  'brackets within a text, then nesting': `{"q":"\\"[[[[","message":${nested(5000, '[', ']')}}`,
  'many keys': JSON.stringify(keys(6000, 1)),
  'many values': JSON.stringify({ tags: Array(20_000).fill(1) }),
  'many wrong values': JSON.stringify({ message: { to: Array(900).fill([]) }, tags: Array(90).fill(1) }),
  'many wrong tests': JSON.stringify({ message: { headers: keys(450, []) } }),
  'a long wrong text': JSON.stringify({ read: 'x'.repeat(60_000) }),
  'a long key': JSON.stringify({ ['k'.repeat(60_000)]: 1 }),
  'a prototype': '{"__proto__":{"read":true},"x":1}',
  'a constructor': '{"constructor":{"prototype":{"read":true}}}',
  'huge numbers': `{"read":1e999,"count":${'9'.repeat(5000)},"within":-1e400,"q":5}`,
  'half a character': '{"\\ud800":"\\udfff","read":"\\ud83d"}',
  'octets that are no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'text after it': '{"read":true} x',
  'the first half': '{"read":tr',
  'a zero octet': '{"read":true}\0',
  'no object': '"read"',
  nothing: ' ',
  'an array': '[{"read":true}]',
};

describe('a JSON body', () => {
  test.each(Object.entries(wrong))(
    'of %s gives a problem with bounded size and work, on every route',
    async (_, body) => {
      await using server = await aServer();
      for (const { method, path } of await jsonRoutes(server)) {
        const headers = { 'content-type': json };
        const { answer, cpu } = await measured(() => server.ask(method, path, { headers, body }));
        expect([method, path, answer.status, answer.text.slice(0, 300)]).toEqual([
          method,
          path,
          400,
          expect.any(String),
        ]);
        expect(problem.parse(answer.json).code).toBe('bad-request');
        expect(answer.bytes.length).toBeLessThan(LONGEST_ANSWER);
        expect(cpu, `${method} ${path}`).toBeLessThan(MOST_CPU_MS);
      }
      expect(server.logged).toEqual([]);
      expect({}).not.toHaveProperty('read');
    },
  );

  test('names the depth, and the first of many faults with how many more there are', async () => {
    await using server = await aServer();
    await server.store.add(anIncoming());
    const patch = async (body: string) =>
      (await server.ask('PATCH', '/api/messages/mail-0001', { headers: { 'content-type': json }, body })).json.detail;
    expect(await patch(nested(30_000, '[', ']'))).toBe(
      'The JSON body is nested deeper than 32 levels: expected what /api/docs describes.',
    );
    expect(await patch(JSON.stringify({ tags: Array(90).fill(1) }))).toMatch(
      /^body "tags\.0": .*, got 1; .*body "tags\.9": .*; and 80 more$/,
    );
  });

  test.each(['"read"', '5', 'null', 'true', '[]'])('that is %s is JSON, but not an object', async (body) => {
    await using server = await aServer();
    for (const { method, path } of await jsonRoutes(server)) {
      const { json: answer } = await server.ask(method, path, { headers: { 'content-type': json }, body });
      expect([method, path, answer.detail]).toEqual([method, path, `body: expected an object, got ${body}`]);
    }
  });

  test('is rejected if compressed, too large, or of another type or charset', async () => {
    await using server = await aServer();
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    const cases: readonly [number, string, Record<string, string>, string | Buffer][] = [
      [415, 'unsupported-media-type', { 'content-type': json, 'content-encoding': 'gzip' }, bomb],
      [415, 'unsupported-media-type', { 'content-type': json, 'content-encoding': 'br' }, '{}'],
      [415, 'unsupported-media-type', { 'content-type': json, 'content-encoding': 'gzip, gzip' }, bomb],
      [413, 'body-too-large', { 'content-type': json }, JSON.stringify({ q: 'x'.repeat(65_537) })],
      [413, 'body-too-large', { 'content-type': json }, JSON.stringify(keys(300_000, 1))],
      [415, 'unsupported-media-type', {}, '{}'],
      [415, 'unsupported-media-type', { 'content-type': 'text/json' }, '{}'],
      [415, 'unsupported-media-type', { 'content-type': 'application/json, text/plain' }, '{}'],
      [415, 'unsupported-media-type', { 'content-type': `${json}; charset=utf-7` }, '+AHs-+AH0-'],
      [415, 'unsupported-media-type', { 'content-type': `${json}; charset="utf-16le"` }, Buffer.from('{}', 'utf16le')],
      [415, 'unsupported-media-type', { 'content-type': `${json};charset=latin1` }, '{}'],
      [415, 'unsupported-media-type', { 'content-type': `${json}; charset=utf-8; charset=utf-7` }, '{}'],
      [415, 'unsupported-media-type', { 'content-type': 'x'.repeat(8000) }, '{}'],
    ];
    for (const { method, path } of await jsonRoutes(server)) {
      for (const [status, code, headers, body] of cases) {
        const answer = await server.ask(method, path, { headers, body }).catch(closedEarly);
        // A client that keeps sending after a rejection may find the connection closed before it reads the response.
        if (answer === null) continue;
        expect([method, path, headers, answer.status, answer.json?.code]).toEqual([
          method,
          path,
          headers,
          status,
          code,
        ]);
        expect(answer.bytes.length).toBeLessThan(LONGEST_ANSWER);
      }
      const { status } = await server.ask(method, path, {
        headers: { 'content-type': `${json}; charset=UTF-8` },
        body: '{"x":1}',
      });
      expect([method, path, status]).toEqual([method, path, 400]);
    }
    expect(server.logged).toEqual([]);
  });

  test('that stops half way ends with its connection, and reveals no internals', async () => {
    await using server = await aServer();
    for (const { method, path } of await jsonRoutes(server)) {
      const socket = connect(server.port, '127.0.0.1');
      socket.end(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${json}\r\nContent-Length: 100\r\n\r\n{"read":`,
      );
      expect(await text(socket)).toMatch(/^(HTTP\/1.1 400 |$)/);
    }
    expect((await server.ask('GET', '/livez')).status).toBe(200);
    expect(server.logged).toEqual([]);
  });

  test('with a repeated key uses the last, like JSON.parse, and keeps a lone surrogate', async () => {
    await using server = await aServer();
    await server.store.add(anIncoming());
    const headers = { 'content-type': json };
    const body = '{"read":false,"read":true,"tags":["\\ud800"]}';
    const { status, json: changed } = await server.ask('PATCH', '/api/messages/mail-0001', { headers, body });
    expect([status, changed.read, changed.tags]).toEqual([200, true, ['\ud800']]);
  });
});

function closedEarly(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET' && (error as NodeJS.ErrnoException).code !== 'EPIPE')
    throw error;
  return null;
}

test('a name that a schema would drop is rejected, however it is escaped', async () => {
  await using server = await aServer();
  for (const { method, path } of await jsonRoutes(server)) {
    for (const name of ['__proto__', '\\u005f_proto__']) {
      const body = `{"where": {"headers": {"subject": "x", "${name}": "y"}}}`;
      const { status, json: answer } = await server.ask(method, path, { headers: { 'Content-Type': json }, body });
      expect(answer.detail, `${method} ${path}`).toBe('body "where.headers.__proto__": this name can\'t be used.');
      expect(status).toBe(400);
    }
  }
});
