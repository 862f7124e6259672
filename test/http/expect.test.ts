import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startSandbox } from '../../server/index.ts';
import type { Expectation } from '../../wire/expect.ts';
import * as wire from '../../wire/expect.ts';
import { message } from '../../wire/message.ts';
import type { MessageTest } from '../../wire/tests.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer, type TestServer } from './a-server.ts';

const mail = (to: string, subject = 'hello', text = 'body') =>
  anIncoming({ raw: `From: Shop <shop@x.test>\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${text}\r\n`, to: [to] });

const expecting = (server: TestServer, body: Expectation) =>
  server.ask('POST', '/api/expect', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('waiting', () => {
  test('a mail that is already there is returned at once', async () => {
    await using server = await aServer();
    const { id } = await server.store.add(mail('ada@x.test'));
    const { status, json } = await server.ask('GET', '/api/messages/wait?q=to:ada@x.test&timeout=0');
    expect([status, wire.waited.parse(json).messages.map((one) => one.id)]).toEqual([200, [id]]);
  });

  test('a later mail ends the wait, but only the right one', async () => {
    await using server = await aServer();
    const answer = server.ask('GET', '/api/messages/wait?q=to:ada@x.test+needle');
    await listening(server);
    await server.store.add(mail('bob@x.test', 'needle'));
    await server.store.add(mail('ada@x.test', 'other'));
    const { id } = await server.store.add(mail('ada@x.test', 'other', 'with a needle'));
    expect((await answer).json.messages.map((one: { id: string }) => one.id)).toEqual([id]);
  });

  test('waits for enough mails after a cursor', async () => {
    await using server = await aServer();
    const old = await server.store.add(mail('ada@x.test'));
    const answer = server.ask('GET', `/api/messages/wait?q=to:ada@x.test&count=2&after=${old.seq}`);
    await listening(server);
    const ids = [];
    for (let i = 0; i < 2; i++) ids.unshift((await server.store.add(mail('ada@x.test'))).id);
    const { messages, cursor } = (await answer).json;
    expect(messages.map(({ id }: { id: string }) => id)).toEqual(ids);
    const next = server.ask('GET', `/api/messages/wait?q=to:ada@x.test&after=${cursor}`);
    await listening(server);
    const { id } = await server.store.add(mail('ada@x.test'));
    expect((await next).json.messages).toMatchObject([{ id }]);
  });

  test('a mail deleted in the meantime does not count', async () => {
    await using server = await aServer();
    const answer = server.ask('GET', '/api/messages/wait?q=to:ada@x.test&count=2');
    await listening(server);
    const gone = await server.store.add(mail('ada@x.test'));
    await server.store.remove([gone.id]);
    const ids = [];
    for (let i = 0; i < 2; i++) ids.unshift((await server.store.add(mail('ada@x.test'))).id);
    expect((await answer).json.messages.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  test('on timeout: 408 with what did arrive and what came nearest', async () => {
    await using server = await aServer();
    await server.store.add(mail('bob@x.test', 'Reset your password'));
    await server.store.add(mail('ada@x.test', 'Welcome'));
    const { status, json, headers } = await server.ask(
      'GET',
      '/api/messages/wait?q=to:ada@x.test+subject:reset&timeout=0',
    );
    expect([status, headers['content-type']]).toEqual([408, 'application/problem+json; charset=utf-8']);
    expect(wire.unmet.parse(json)).toMatchObject({
      code: 'wait-timeout',
      detail: 'Expected at least 1 mail matching  to:ada@x.test subject:reset within 0 ms; none came.',
      arrived: [{ subject: 'Welcome' }],
      others: 1,
      undecided: 0,
      closest: [{ misses: [{ field: 'subject', expected: '"reset"', actual: '"Welcome"' }] }],
    });
  });

  test('a wait ends when its client leaves', async () => {
    await using server = await aServer();
    const gone = new AbortController();
    const asked = fetch(`http://127.0.0.1:${server.port}/api/messages/wait?timeout=600000`, { signal: gone.signal });
    await listening(server);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await listening(server, 0);
    expect(server.logged).toEqual([]);
  });

  test.each([
    ['count=0', /"count"/],
    ['count=x', /"count": expected a whole number/],
    ['timeout=600001', /"timeout"/],
    ['q=is:red', /column 4/],
  ])('%s is refused', async (query, detail) => {
    await using server = await aServer();
    const { status, json } = await server.ask('GET', `/api/messages/wait?${query}`);
    expect([status, json.detail]).toEqual([400, expect.stringMatching(detail)]);
  });

  test('1,000 waits on 1,000 addresses while 5,000 mails arrive: each gets only its own', async () => {
    await using server = await aServer({ messages: 10_000, bytes: 1024 ** 3 });
    const address = (i: number) => `user-${i}@x.test`;
    const waits = Array.from({ length: 1000 }, (_, i) =>
      server.ask('GET', `/api/messages/wait?q=rcpt:${address(i)}&count=5&timeout=60000`),
    );
    await listening(server, 1000);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 1000; i++) await server.store.add(mail(address((i * 7) % 1000), `round ${round}`));
    }
    for (const [i, answer] of (await Promise.all(waits)).entries()) {
      const { messages } = answer.json;
      expect(messages.map((one: { envelope: { to: string[] } }) => one.envelope.to)).toEqual(
        Array(5).fill([address(i)]),
      );
      expect(messages.map(({ subject }: { subject: string }) => subject)).toEqual(
        [4, 3, 2, 1, 0].map((round) => `round ${round}`),
      );
    }
  });
});

describe('expecting', () => {
  test('mail as expected passes, with the mails', async () => {
    await using server = await aServer();
    const { id } = await server.store.add(mail('ada@x.test', 'Reset your password', 'Hello Ada'));
    const { status, json } = await expecting(server, {
      where: { to: 'ada@x.test', subject: { matches: '^reset' }, headers: { subject: true } },
      count: 1,
      message: { from: 'shop@x.test', text: { contains: 'hello' }, attachments: [], envelope: { to: 'ada@x.test' } },
    });
    expect([status, wire.met.parse(json).messages.map((one) => one.id)]).toEqual([200, [id]]);
  });

  test('none passes only after the whole time without a mail', async () => {
    await using server = await aServer();
    await server.store.add(mail('bob@x.test'));
    expect((await expecting(server, { q: 'to:ada@x.test', count: 0, within: 20 })).status).toBe(200);
    const answer = expecting(server, { q: 'to:ada@x.test', count: 0, within: 60_000 });
    await listening(server);
    await server.store.add(mail('ada@x.test'));
    expect((await answer).json).toMatchObject({
      status: 417,
      reason: expect.stringMatching(
        /^Expected no mail matching {2}to:ada@x\.test\nwithin 60000 ms; one came after \d+ ms\./,
      ),
    });
  });

  test('a mail in the quiet period fails it', async () => {
    await using server = await aServer();
    await server.store.add(mail('ada@x.test'));
    const answer = expecting(server, { q: 'to:ada@x.test', count: 1, quiet: 60_000 });
    await listening(server);
    await server.store.add(mail('ada@x.test', 'again'));
    const { status, json } = await answer;
    expect([status, json.reason]).toEqual([
      417,
      expect.stringMatching(/^Expected 1 mail matching .*\nand nothing more for 60000 ms; then another one came\./),
    ]);
    expect(json.messages).toHaveLength(2);
  });

  test('too many mails fail it at once', async () => {
    await using server = await aServer();
    for (let i = 0; i < 3; i++) await server.store.add(mail('ada@x.test'));
    expect((await expecting(server, { count: 2 })).json.reason).toMatch(/^Expected 2 mails\nbut there are 3\./);
    expect((await expecting(server, { count: { max: 2 } })).status).toBe(417);
    expect((await expecting(server, { count: { min: 2 } })).status).toBe(200);
    expect((await expecting(server, { count: { min: 1, max: 3 } })).status).toBe(200);
  });

  test('a wrong field is rejected by name', async () => {
    await using server = await aServer();
    const wrong: readonly [body: object, detail: RegExp][] = [
      [{ within: -1 }, /"within"/],
      [{ count: 'many' }, /"count"/],
      [{ message: { subjekt: 'x' } }, /subjekt/],
      [{ where: { subject: { matches: '(' } } }, /"where.subject.matches".*RE2 syntax: missing closing/s],
      [
        { message: { links: [{ url: { not: { matches: 'a' } } }, { url: { matches: '[' } }] } },
        /^body "message.links.1.url.matches": expected an expression in RE2 syntax: missing closing.*, got "\["$/,
      ],
      [{ where: { headers: { matches: { matches: '(' } } } }, /"where.headers.matches.matches"/],
      [{ q: 'is:red' }, /column 4/],
      [{ wher: {} }, /wher/],
    ];
    for (const [body, detail] of wrong) {
      const { status, json } = await expecting(server, body as Expectation);
      expect([body, status, json.detail]).toEqual([body, 400, expect.stringMatching(detail)]);
    }
  });
});

describe('links', () => {
  const raw = [
    'From: shop@x.test',
    'To: ada@x.test',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    '',
    'https://shop.test/reset?t=1',
    '--b',
    'Content-Type: text/html',
    '',
    '<a href="#">Choose a password</a> <a href="https://shop.test/help">Help</a>',
    '--b--',
    '',
  ].join('\r\n');

  test('are those of the HTML, if a mail has HTML', async () => {
    await using sandbox = await startSandbox();
    await sandbox.deliver({ to: 'ada@x.test', raw });
    const links = (test: MessageTest['links']) =>
      sandbox.api.expect({ within: 10_000, message: { links: test ?? [] } });
    await links({ url: { contains: '/help' } });
    await links({ url: { contains: '/reset' }, source: 'text' });
    await expect(links({ url: { contains: '/reset' } })).rejects.toThrow(
      'expected url to contain "/reset",  was "https://shop.test/help"; only in the text part: "https://shop.test/reset?t=1"; leads nowhere: "Choose a password" (href="#")',
    );
    await expect(links([])).rejects.toThrow(/links: {2}expected none/);
  });
});

describe('whole mails', () => {
  test('are included in the response of a wait or an expectation', async () => {
    await using server = await aServer();
    await server.store.add(mail('ada@x.test', 'hello', 'one'));
    await server.store.add(mail('ada@x.test', 'hello', 'two'));
    for (const answer of [
      await server.ask('GET', '/api/messages/wait?count=2&full=1'),
      await expecting(server, { count: 2, full: true }),
    ]) {
      const { messages } = z.object({ messages: z.array(message) }).parse(answer.json);
      expect(messages.map(({ text }) => text?.trim())).toEqual(['two', 'one']);
    }
    expect((await server.ask('GET', '/api/messages/wait?count=2')).json.messages[0]).not.toHaveProperty('text');
  });

  test('are the newest 200; the rest are summaries', async () => {
    await using server = await aServer();
    for (let i = 0; i < 203; i++) await server.store.add(mail('ada@x.test', `mail ${i}`));
    const { messages } = (await expecting(server, { full: true })).json;
    const whole = messages.map((one: object) => 'text' in one);
    expect(whole).toEqual(whole.map((_: boolean, i: number) => i < 200));
    expect(whole).toHaveLength(203);
  });
});

/** Resolves once this many watches are open. */
async function listening(server: TestServer, count = 1): Promise<void> {
  while (server.backend.watches.size !== count) await new Promise((resolve) => setImmediate(resolve));
}
