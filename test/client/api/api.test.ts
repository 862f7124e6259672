import { expect, test } from 'vitest';
import { createApi } from '../../../client/api/api.ts';
import { ApiError, ExpectationError } from '../../../client/api/api-error.ts';
import { answeredWithin } from '../../../client/api/no-answer.ts';

interface Asked {
  readonly line: string;
  readonly body: unknown;
  readonly type: string | null;
}

/** A client whose requests are written down and answered with `answer`. */
function apiThat(answer: () => Response | Promise<Response>) {
  const asked: Asked[] = [];
  const api = createApi('http://mail.test:8025', async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const type = new Headers(init?.headers).get('content-type');
    asked.push({ line: `${init?.method ?? 'GET'} ${pathname}${search}`, body: init?.body ?? null, type });
    return answer();
  });
  return { api, asked };
}

const json = (value: unknown, init?: ResponseInit) => new Response(JSON.stringify(value), init);

test('each method requests the route of its name', async () => {
  const { api, asked } = apiThat(() => json({}));
  await api.list('from:shop "a b"', { limit: 100, offset: 200 });
  await api.list('');
  await api.message('01abcdefgh');
  await api.patch('01abcdefgh', { read: true });
  await api.delete('01abcdefgh');
  await api.mailboxes();
  await api.server();
  await api.sendTestMail();
  expect(asked.map(({ line }) => line)).toEqual([
    'GET /api/messages?q=from%3Ashop+%22a+b%22&limit=100&offset=200',
    'GET /api/messages',
    'GET /api/messages/01abcdefgh',
    'PATCH /api/messages/01abcdefgh',
    'DELETE /api/messages/01abcdefgh',
    'GET /api/mailboxes',
    'GET /api/server',
    'POST /api/test-mail',
  ]);
  expect(asked[3]).toMatchObject({ body: '{"read":true}', type: 'application/json' });
});

test('changing many mails takes a query, or an explicit "all"', async () => {
  const { api, asked } = apiThat(() => json({ updated: 2, deleted: 3 }));
  expect(await api.patchAll({ q: 'is:unread' }, { read: true })).toBe(2);
  expect(await api.deleteAll({ all: true })).toBe(3);
  await api.deleteAll({ q: '' });
  expect(asked.map(({ line }) => line)).toEqual([
    'PATCH /api/messages?q=is%3Aunread',
    'DELETE /api/messages?all=true',
    // An empty query does not mean everything: the server rejects it.
    'DELETE /api/messages',
  ]);
});

test('a mail is delivered octet for octet', async () => {
  const { api, asked } = apiThat(() => json({ id: '01abcdefgh', seq: 1 }, { status: 201 }));
  const raw = Uint8Array.of(83, 58, 255, 13, 10);
  expect(await api.deliver(raw)).toEqual({ id: '01abcdefgh', seq: 1 });
  expect(asked[0]).toEqual({ line: 'POST /api/messages', body: raw, type: 'message/rfc822' });
});

test('an envelope is sent in front of the octets, including a null sender', async () => {
  const { api, asked } = apiThat(() => json({ id: '01abcdefgh', seq: 1 }, { status: 201 }));
  await api.deliver('x', { from: '', to: ['a+b@x.test', 'c@x.test'] });
  expect(asked[0]).toEqual({
    line: 'POST /api/messages',
    body: '{"from":"","to":["a+b@x.test","c@x.test"]}\nx',
    type: 'application/vnd.mailstop.mail',
  });
  await api.deliver(Uint8Array.of(0, 255), { to: ['ä@x.test'] });
  expect(asked[1]?.body).toEqual(Uint8Array.from([...Buffer.from('{"to":["ä@x.test"]}\n'), 0, 255]));
});

test('an expectation is sent unchanged; if it is not met, the error is the report', async () => {
  const met = apiThat(() => json({ pass: true, messages: [], cursor: 7, elapsed: 1 }));
  expect(await met.api.expect({ q: 'from:shop', count: 0, within: 10 })).toMatchObject({ cursor: 7 });
  expect(met.asked[0]).toMatchObject({ line: 'POST /api/expect', body: '{"q":"from:shop","count":0,"within":10}' });

  const unmet = { code: 'expectation-failed', status: 417, detail: 'short', pass: false, reason: 'long\nreport' };
  const { api } = apiThat(() => json({ ...unmet, messages: [], arrived: [], closest: [] }, { status: 417 }));
  const error = await api.expect({ q: 'from:shop' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ExpectationError);
  expect(error).toMatchObject({ code: 'expectation-failed', status: 417, detail: 'short', message: 'long\nreport' });
  // Test runners print enumerable properties after the report: all mails would be too much.
  expect(Object.keys(error as object).sort()).toEqual(['code', 'detail', 'name', 'status']);
});

test('an attachment gives its octets', async () => {
  const { api, asked } = apiThat(() => new Response(Uint8Array.of(0, 255)));
  expect(await api.attachment('01abcdefgh', 2)).toEqual(Uint8Array.of(0, 255));
  expect(asked[0]?.line).toBe('GET /api/messages/01abcdefgh/attachments/2');
});

test('an id is escaped in the path', () => {
  const { api } = apiThat(() => json({}));
  expect(api.rawUrl('../../x?y')).toBe('http://mail.test:8025/api/messages/..%2F..%2Fx%3Fy/raw');
  expect(api.htmlUrl('01abcdefgh', { remote: true })).toBe(
    'http://mail.test:8025/api/messages/01abcdefgh/html?remote=1',
  );
  expect(api.feedUrl()).toBe('ws://mail.test:8025/api/feed');
});

test('a problem becomes an error with its code', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'message-not-found',
    detail: 'No mail "x"',
  };
  const { api } = apiThat(() => json(problem, { status: 404 }));
  const error = await api.message('01abcdefgh').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: 'message-not-found',
    status: 404,
    detail: 'No mail "x"',
    message: 'No mail "x"',
  });
});

test('so does a response that is not from Mailstop, and no response at all', async () => {
  const proxy = apiThat(() => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }));
  await expect(proxy.api.server()).rejects.toMatchObject({ code: 'unknown', status: 502 });
  const nobody = apiThat(() => Promise.reject(new TypeError('fetch failed')));
  await expect(nobody.api.server()).rejects.toMatchObject({
    code: 'no-answer',
    status: 0,
    detail: 'No answer from http://mail.test:8025',
  });
});

test('an abort is not an error of the server', async () => {
  const { api } = apiThat(() => Promise.reject(new DOMException('aborted', 'AbortError')));
  await expect(api.server(AbortSignal.abort())).rejects.not.toBeInstanceOf(ApiError);
});

test('the head of a source stops at the given length, and says whether there is more', async () => {
  let cancelled = false;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('äöü ')),
      cancel: () => {
        cancelled = true;
      },
    });
  const { api } = apiThat(() => new Response(endless()));
  expect(await api.rawHead('01abcdefgh', 14)).toEqual({ text: 'äöü äöü ', complete: false });
  expect(cancelled).toBe(true);

  const short = apiThat(() => new Response('Subject: x\r\n\r\n'));
  expect(await short.api.rawHead('01abcdefgh', 14)).toEqual({ text: 'Subject: x\r\n\r\n', complete: true });
});

test('a request that a hung server never answers is given up, unless the caller has done so', async () => {
  const never = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  await expect(answeredWithin(20, undefined, never)).rejects.toMatchObject({
    code: 'went-away',
    message: expect.stringContaining('did not answer within 20 ms'),
  });
  const caller = AbortSignal.abort(new Error('enough'));
  await expect(answeredWithin(20, caller, async (signal) => signal.throwIfAborted())).rejects.toThrow('enough');
});
