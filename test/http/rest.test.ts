import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ENVELOPED } from '../../wire/enveloped.ts';
import * as wire from '../../wire/message.ts';
import { part } from '../../wire/part.ts';
import { ready, server as serverState } from '../../wire/state.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer, type TestServer } from './a-server.ts';

const mail = (subject: string, text = 'body') => ({
  headers: { 'content-type': 'message/rfc822' },
  body: `From: App <app@x.test>\r\nTo: ada@x.test\r\nCc: bob@x.test\r\nSubject: ${subject}\r\n\r\n${text}\r\n`,
});

async function fill(server: TestServer, ...subjects: string[]): Promise<string[]> {
  const ids = [];
  for (const subject of subjects) ids.push((await server.ask('POST', '/api/messages', mail(subject))).json.id);
  return ids;
}

const asJson = (value: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });

describe('a problem', () => {
  test('escapes control characters, whatever the request contains', async () => {
    await using server = await aServer();
    await fill(server, 'a mail');
    const evil = '\u202e\u2028\u009b31m\u200b';
    const asked = encodeURIComponent(evil);
    const bytes = Buffer.from(evil).toString('latin1');
    const problems = [
      server.ask('GET', `/api/messages?limit=${asked}`),
      server.ask('GET', `/api/messages?q=larger:${asked}`),
      server.ask('GET', `/api/messages?q=${encodeURIComponent(`/(${evil}/`)}`),
      server.ask('GET', `/api/messages/latest?q=${asked}`),
      server.ask('GET', `/api/messages/${asked}`),
      server.ask('GET', `/api/messages?ids=${asked}`),
      server.ask('GET', '/api/messages', { headers: { origin: bytes } }),
      server.ask('POST', '/api/expect', asJson({ message: { [evil]: 1 } })),
      server.ask('POST', '/api/expect', asJson({ message: { headers: { [evil]: 1 } } })),
    ];
    for (const { status, text, json } of await Promise.all(problems)) {
      expect([json.code, status >= 400, json.detail]).toEqual([
        json.code,
        true,
        expect.stringMatching(/\\u(202e|0080)/),
      ]);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});

describe('the collection', () => {
  test('pages follow the cursor, newest first', async () => {
    await using server = await aServer();
    await fill(server, 'a', 'b', 'c', 'd', 'e');
    const subjects = [];
    let path = '/api/messages?limit=2';
    for (let cursor: number | null = 0; cursor !== null; path = `/api/messages?limit=2&before=${cursor}`) {
      const page = wire.listing.parse((await server.ask('GET', path)).json);
      expect([page.matched, page.total]).toEqual([5, 5]);
      subjects.push(...page.messages.map(({ subject }) => subject));
      cursor = page.cursor;
    }
    expect(subjects).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  test('long lists of a mail are cut in listings, with their counts; the whole mail has all of them', async () => {
    await using server = await aServer({ bytes: 10_000_000 });
    const to = Array.from({ length: 50 }, (_, i) => `a${i}@x.test`);
    const { id } = await server.store.add(anIncoming({ raw: `To: ${to.join(', ')}\r\n\r\nx`, to }));
    const [row] = wire.listing.parse((await server.ask('GET', '/api/messages')).json).messages;
    expect([row?.to.length, row?.envelope.to.length]).toEqual([20, 20]);
    expect(row?.omitted).toEqual({ to: 30, cc: 0, bcc: 0, replyTo: 0, rcpt: 30, attachments: 0 });
    const whole = wire.message.parse((await server.ask('GET', `/api/messages/${id}`)).json);
    expect([whole.to.length, whole.envelope.to.length, whole.omitted]).toEqual([50, 50, undefined]);
  });

  test('returns several whole mails in the requested order, without those that are gone', async () => {
    await using server = await aServer();
    const [a = '', b = '', c = ''] = await fill(server, 'a', 'b', 'c');
    await server.store.remove([b]);
    const { json } = await server.ask('GET', `/api/messages?ids=${c},${b},${a},${c}`);
    const { messages, matched, cursor } = wire.wholeListing.parse(json);
    expect(messages.map(({ subject, text }) => [subject, text?.trim()])).toEqual([
      ['c', 'body'],
      ['a', 'body'],
    ]);
    expect([matched, cursor]).toEqual([2, null]);
  });

  test('a page of whole mails', async () => {
    await using server = await aServer();
    await fill(server, 'a', 'b', 'c');
    const page = wire.wholeListing.parse((await server.ask('GET', '/api/messages?full=1&limit=2')).json);
    expect(page.messages.map(({ subject, text, headers }) => [subject, text?.trim(), headers.at(-1)])).toEqual([
      ['c', 'body', { name: 'Subject', value: 'c' }],
      ['b', 'body', { name: 'Subject', value: 'b' }],
    ]);
    expect(page.cursor).toBe(page.messages[1]?.seq);
  });

  test.each([
    [`ids=${Array(201).fill('12345678').join(',')}`, /"ids": expected at most 200 entries/],
    ['ids=12345678,../../x', /"ids": expected an id of .*"\.\.\/\.\.\/x"/],
    ['ids=', /"ids"/],
    ['ids=12345678&q=x', /leave out "q"/],
    ['full=yes', /"full"/],
    ['full=1&limit=201', /"limit"/],
  ])('refuses %s', async (query, detail) => {
    await using server = await aServer();
    const { status, json } = await server.ask('GET', `/api/messages?${query}`);
    expect([status, json.detail]).toEqual([400, expect.stringMatching(detail)]);
  });

  test('new mail does not shift the pages of a cursor', async () => {
    await using server = await aServer();
    await fill(server, 'a', 'b', 'c');
    const { cursor } = (await server.ask('GET', '/api/messages?limit=1')).json;
    await fill(server, 'd');
    const { messages } = (await server.ask('GET', `/api/messages?before=${cursor}`)).json;
    expect(messages.map(({ subject }: wire.Summary) => subject)).toEqual(['b', 'a']);
  });

  test('q selects, and counts all that match', async () => {
    await using server = await aServer();
    await fill(server, 'invoice 1', 'invoice 2', 'welcome');
    const { messages, matched, total } = (await server.ask('GET', '/api/messages?q=subject:invoice+-2&limit=1')).json;
    expect(messages.map(({ subject }: wire.Summary) => subject)).toEqual(['invoice 1']);
    expect([matched, total]).toEqual([1, 3]);
  });

  test('a mail added over REST is kept byte for byte, with an envelope from its headers', async () => {
    await using server = await aServer();
    const { headers, body } = mail('hello', 'bare\nLF\0');
    const { status, json, headers: answered } = await server.ask('POST', '/api/messages', { headers, body });
    expect(status).toBe(201);
    const { id } = wire.created.parse(json);
    expect(answered.location).toBe(`/api/messages/${id}`);
    expect((await server.ask('GET', `/api/messages/${id}/raw`)).bytes).toEqual(Buffer.from(body));
    const message = wire.message.parse((await server.ask('GET', `/api/messages/${id}`)).json);
    expect(message.envelope).toEqual({ from: 'app@x.test', to: ['ada@x.test', 'bob@x.test'] });
    expect(message.delivery.peer.protocol).toBe('HTTP');
  });

  test('the envelope of such a mail can be given', async () => {
    await using server = await aServer();
    await server.ask('POST', '/api/messages?from=bounce@x.test&to=a@x.test&to=b@x.test', mail('hello'));
    await server.ask('POST', '/api/messages?from=&to=a@x.test', mail('hello'));
    const { messages } = (await server.ask('GET', '/api/messages')).json;
    expect(messages.map(({ envelope }: wire.Summary) => envelope)).toEqual([
      { from: '', to: ['a@x.test'] },
      { from: 'bounce@x.test', to: ['a@x.test', 'b@x.test'] },
    ]);
    const { status, json } = await server.ask('POST', '/api/messages?to=a%0d%0ab', mail('hello'));
    expect([status, json.detail]).toEqual([400, expect.stringMatching(/"to.0".*control characters/)]);
  });

  test('a mail over the limit is refused', async () => {
    await using server = await aServer();
    const { status, json } = await server.ask('POST', '/api/messages', mail('big', 'x'.repeat(2000)));
    expect([status, json.code]).toEqual([413, 'body-too-large']);
  });

  test('a mail over the limit is rejected even without Content-Length', async () => {
    await using server = await aServer();
    const body = new Blob([Buffer.alloc(5000, 'x')]).stream();
    const headers = { 'content-type': 'message/rfc822' };
    const sent = fetch(`http://127.0.0.1:${server.port}/api/messages`, {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    } as RequestInit);
    expect((await sent).status).toBe(413);
  });

  test('a mail may bring its envelope in front of it', async () => {
    await using server = await aServer();
    const post = (body: string | Buffer, query = '') =>
      server.ask('POST', `/api/messages${query}`, { headers: { 'content-type': ENVELOPED }, body });
    const raw = Buffer.from('Subject: x\r\n\r\n\xff\n{}\n', 'latin1');
    const to = Array.from({ length: 10_000 }, (_, i) => `recipient-${i}@x.test`);
    const { json: created } = await post(Buffer.concat([Buffer.from(`${JSON.stringify({ from: '', to })}\n`), raw]));
    expect((await server.ask('GET', `/api/messages/${created.id}`)).json.envelope).toEqual({ from: '', to });
    expect((await server.ask('GET', `/api/messages/${created.id}/raw`)).bytes).toEqual(raw);
    // What it does not say is in the headers.
    await post('{"from":"a@x.test"}\nTo: b@x.test\r\n\r\n');
    const { json } = await server.ask('GET', '/api/messages/latest');
    expect(json.envelope).toEqual({ from: 'a@x.test', to: ['b@x.test'] });
    for (const [body, reason, query] of [
      ['', /must begin with a line of JSON .*: got an empty body/],
      ['{"to":["a@x.test"]}', /got a body without a line end/],
      [Buffer.from('{"to":["caf\xe9@x.test"]}\n', 'latin1'), /is not UTF-8/],
      ['{"to":["a@x.test","\\ud800@x.test"]}\n', /^envelope "to\.1": expected an address/],
      [`{"to":[${'1,'.repeat(9999)}1]}\n`, /^envelope "to\.0": expected .*, got 1$/],
      [`{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`)}}\n`, /unknown field/],
      ['Subject: x\r\n\r\n', /must begin with a line of JSON .*: got Unexpected token/],
      ['[]\n', /^envelope: expected an object, got \[\]$/],
      ['{"to":["<"]}\n', /^envelope "to\.0": expected an address/],
      ['{"too":[]}\n', /did you mean "to"/],
      [`{"to":[${'"a",'.repeat(30_000)}"a"]}\n`, /more than 10010 values/],
      ['{}\n', /leave out "from" and "to"/, '?to=a@x.test'],
    ] as const) {
      const { status, json } = await post(body, query);
      expect([body.slice(0, 50), status, json.code, json.detail]).toEqual([
        body.slice(0, 50),
        400,
        'bad-request',
        expect.stringMatching(reason),
      ]);
    }
    expect((await post(`{"from":"${'x'.repeat(5_000_000)}"}\n`)).json.code).toBe('body-too-large');
    expect((await post(`{}\n${'x'.repeat(2001)}`)).json.code).toBe('message-too-large');
  });

  test('a compressed mail is rejected', async () => {
    await using server = await aServer();
    const headers = { 'content-type': 'message/rfc822', 'content-encoding': 'gzip' };
    const { status } = await server.ask('POST', '/api/messages', { headers, body: 'x' });
    expect(status).toBe(415);
  });

  test('a client that leaves in the middle of a mail is not logged as an error', async () => {
    await using server = await aServer();
    const socket = connect(server.port, '127.0.0.1');
    const head = `POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: message/rfc822\r\n`;
    socket.write(`${head}Content-Length: 900\r\n\r\nSubject: x`);
    await once(socket, 'connect');
    await server.ask('GET', '/api/messages');
    socket.destroy();
    await once(socket, 'close');
    const { json } = await server.ask('GET', '/api/messages');
    expect(json.messages).toEqual([]);
    expect(server.logged).toEqual([]);
  });

  test('a store that is full says so', async () => {
    await using server = await aServer({ bytes: 50 });
    const { status, json } = await server.ask('POST', '/api/messages', mail('hello'));
    expect([status, json.code]).toEqual([507, 'store-full']);
  });

  test('marks and deletes all that match; everything only with all=true', async () => {
    await using server = await aServer();
    await fill(server, 'invoice 1', 'invoice 2', 'welcome');
    expect((await server.ask('PATCH', '/api/messages?q=subject:invoice', asJson({ read: true }))).json).toEqual({
      updated: 2,
    });
    expect((await server.ask('GET', '/api/messages?q=is:unread')).json.matched).toBe(1);
    expect((await server.ask('DELETE', '/api/messages?q=is:read')).json).toEqual({ deleted: 2 });
    expect((await server.ask('DELETE', '/api/messages')).status).toBe(400);
    expect((await server.ask('GET', '/api/messages')).json.total).toBe(1);
    expect((await server.ask('DELETE', '/api/messages?all=true')).json).toEqual({ deleted: 1 });
  });
});

describe('one mail', () => {
  test('can be requested as latest, with or without a query', async () => {
    await using server = await aServer();
    await fill(server, 'invoice', 'welcome');
    expect((await server.ask('GET', '/api/messages/latest')).json.subject).toBe('welcome');
    expect((await server.ask('GET', '/api/messages/latest?q=invoice')).json.subject).toBe('invoice');
    expect((await server.ask('GET', '/api/messages/latest/raw?q=invoice')).text).toMatch(/Subject: invoice/);
    const { status, json } = await server.ask('GET', '/api/messages/latest?q=nothing');
    expect([status, json.detail]).toEqual([404, 'None of the 2 mails matches "nothing".']);
  });

  test('has its MIME structure', async () => {
    await using server = await aServer();
    await server.ask('POST', '/api/messages', {
      headers: { 'content-type': 'message/rfc822' },
      body: 'Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nHi\r\n--B\r\nContent-Type: image/png\r\n\r\n',
    });
    const { status, json } = await server.ask('GET', '/api/messages/latest/parts');
    expect(status).toBe(200);
    expect(z.strictObject(part.shape).parse(json)).toMatchObject({
      path: 'TEXT',
      parameters: { boundary: 'B' },
      children: [
        { path: '1', contentType: 'text/plain', headerAt: 50 },
        { path: '2', contentType: 'image/png' },
      ],
    });
  });

  test('reading it over the API, whole or in part, does not mark it read', async () => {
    await using server = await aServer();
    const [id] = await fill(server, 'hello');
    for (const part of ['', '/raw', '/text', '/html', '/headers', '/parts', '/attachments/0'])
      await server.ask('GET', `/api/messages/${id}${part}`);
    expect((await server.ask('GET', '/api/messages?q=is:unread')).json.matched).toBe(1);
  });

  test('PATCH sets what it names and nothing else', async () => {
    await using server = await aServer();
    const [id] = await fill(server, 'hello');
    expect(
      wire.summary.parse((await server.ask('PATCH', `/api/messages/${id}`, asJson({ tags: ['billing'] }))).json),
    ).toMatchObject({ read: false, tags: ['billing'] });
    expect((await server.ask('PATCH', `/api/messages/${id}`, asJson({ read: true }))).json).toMatchObject({
      read: true,
      tags: ['billing'],
    });
    const wrong = await server.ask('PATCH', `/api/messages/${id}`, asJson({ read: 'yes', subject: 'x' }));
    expect([wrong.status, wrong.json.detail]).toEqual([
      400,
      expect.stringMatching(/"read": expected true or false, got "yes"; .*"subject"/),
    ]);
    expect(
      (await server.ask('PATCH', `/api/messages/${id}`, { headers: { 'content-type': 'application/json' }, body: '{' }))
        .status,
    ).toBe(400);
  });

  test('is gone after DELETE', async () => {
    await using server = await aServer();
    const [id] = await fill(server, 'hello');
    expect((await server.ask('DELETE', `/api/messages/${id}`)).json).toEqual({ deleted: 1 });
    for (const method of ['GET', 'DELETE']) expect((await server.ask(method, `/api/messages/${id}`)).status).toBe(404);
  });

  test('the newest, or the newest that matches, is deleted as latest', async () => {
    await using server = await aServer();
    await fill(server, 'a', 'b', 'c');
    const subjects = async () =>
      (await server.ask('GET', '/api/messages')).json.messages.map(({ subject }: wire.Summary) => subject);
    await server.ask('DELETE', '/api/messages/latest');
    expect(await subjects()).toEqual(['b', 'a']);
    await server.ask('DELETE', '/api/messages/latest?q=subject:a');
    expect(await subjects()).toEqual(['b']);
    expect((await server.ask('DELETE', '/api/messages/latest?q=subject:a')).status).toBe(404);
  });

  test('two clients that delete the latest at the same time each delete one', async () => {
    await using server = await aServer();
    await fill(server, 'a', 'b', 'c');
    const list = server.store.list.bind(server.store);
    let looked = 0;
    let goOn = () => {};
    const both = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // Neither deletes before both have seen the same mail.
    Object.assign(server.store, {
      list: async (...asked: Parameters<typeof list>) => {
        const page = await list(...asked);
        looked += 1;
        if (looked === 2) goOn();
        await both;
        return page;
      },
    });
    const answers = await Promise.all([1, 2].map(() => server.ask('DELETE', '/api/messages/latest')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await list({ match: 'everything' }, { limit: 5 })).messages.map(({ subject }) => subject)).toEqual(['a']);
  });

  test('its parts are downloads, never pages of our origin', async () => {
    await using server = await aServer();
    const { id } = await server.store.add(anIncoming({ raw: 'Subject: <b>../../a"\r\n\r\nhi attached: x.svg\r\n' }));
    server.contents.attachment = async () => Buffer.from('<svg onload="alert(1)"/>');
    for (const part of ['/raw', '/text', '/attachments/0']) {
      const { status, headers } = await server.ask('GET', `/api/messages/${id}${part}`);
      expect([part, status, headers['x-content-type-options']]).toEqual([part, 200, 'nosniff']);
      expect(headers['content-disposition']).toMatch(/^attachment; filename="[^"/\\]+"; filename\*=UTF-8''[\w.%-]+$/);
      expect(headers['content-type']).not.toMatch(/html|svg|xml/);
    }
    const missing = await server.ask('GET', `/api/messages/${id}/attachments/7`);
    expect([missing.status, missing.json.detail]).toEqual([
      404,
      expect.stringMatching(/no attachment "7": expected 0 to 0/),
    ]);
    expect((await server.ask('GET', `/api/messages/${id}/html`)).json.code).toBe('part-not-found');
  });
});

test('the server reports its version, limits, counts and mailboxes', async () => {
  await using server = await aServer();
  await fill(server, 'hello');
  expect(serverState.parse((await server.ask('GET', '/api/server')).json)).toMatchObject({
    uptime: 5000,
    counts: { total: 1 },
    seq: 1,
  });
  expect(wire.mailboxes.parse((await server.ask('GET', '/api/mailboxes')).json)).toEqual({
    addresses: [
      { name: 'ada@x.test', total: 1, unread: 1 },
      { name: 'bob@x.test', total: 1, unread: 1 },
    ],
    usernames: [],
  });
  expect((await server.ask('GET', '/livez')).status).toBe(200);
  expect(ready.parse((await server.ask('GET', '/readyz')).json)).toEqual({
    ready: true,
    smtp: '220 mailstop ESMTP',
    disk: null,
    loading: null,
  });
  expect((await server.ask('HEAD', '/api/messages')).bytes).toHaveLength(0);
});
