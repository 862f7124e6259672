import { expect, test } from 'vitest';
import { follow } from '../../server/store/follow.ts';
import { aServer } from './a-server.ts';

const put = (q: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ q }) });

test('searches are saved under a name, replaced, listed by name and removed, and the feed tells of each', async () => {
  await using server = await aServer();
  const heard: unknown[] = [];
  using _following = follow(
    server.store,
    (event) => void (event.type !== 'start' && heard.push(event.type === 'searches' ? event.searches : event.type)),
    (error) => expect.fail(String(error)),
  );
  expect((await server.ask('GET', '/api/searches')).json).toEqual({ searches: [] });
  expect((await server.ask('PUT', '/api/searches/resets', put('subject:reset'))).json).toEqual({
    name: 'resets',
    q: 'subject:reset',
  });
  await server.ask('PUT', `/api/searches/${encodeURIComponent('Ädas / mail')}`, put('to:ada'));
  await server.ask('PUT', '/api/searches/resets', put('subject:reset is:unread'));
  const searches = [
    { name: 'Ädas / mail', q: 'to:ada' },
    { name: 'resets', q: 'subject:reset is:unread' },
  ];
  expect((await server.ask('GET', '/api/searches')).json).toEqual({ searches });
  const removed = await server.ask('DELETE', `/api/searches/${encodeURIComponent('Ädas / mail')}`);
  expect(removed.json).toEqual({ searches: searches.slice(1) });
  expect(heard).toEqual([
    [{ name: 'resets', q: 'subject:reset' }],
    [
      { name: 'Ädas / mail', q: 'to:ada' },
      { name: 'resets', q: 'subject:reset' },
    ],
    searches,
    searches.slice(1),
  ]);
});

test('an invalid search is rejected with a reason', async () => {
  await using server = await aServer();
  const faults: [path: string, q: unknown, status: number, detail: RegExp][] = [
    [
      'one',
      'is:red',
      400,
      /^q, column 4: is: must be one of read, unread, pinned, flagged, not "red"; did you mean is:read\?$/,
    ],
    ['one', '', 400, /^body "q": .*, got ""$/],
    ['one', 7, 400, /^body "q": .*, got 7$/],
    ['%20one', 'to:ada', 400, /^name of the search: expected a name .*, got " one"$/],
    ['x'.repeat(101), 'to:ada', 400, /^name of the search: /],
  ];
  for (const [path, q, status, detail] of faults) {
    const answer = await server.ask('PUT', `/api/searches/${path}`, put(q));
    expect([path, answer.status, answer.json.detail]).toEqual([path, status, expect.stringMatching(detail)]);
  }
  const missing = await server.ask('DELETE', '/api/searches/none');
  expect([missing.status, missing.json.detail]).toEqual([404, 'There is no saved search with the name "none".']);
  expect((await server.ask('GET', '/api/searches')).json).toEqual({ searches: [] });
});

test('at most 200 searches can be saved', async () => {
  await using server = await aServer();
  for (let i = 0; i < 200; i++) await server.store.saveSearch({ name: `search ${i}`, q: 'to:ada' });
  expect((await server.ask('PUT', '/api/searches/search%207', put('to:bob'))).status).toBe(200);
  const { status, json } = await server.ask('PUT', '/api/searches/one%20more', put('to:ada'));
  expect([status, json.detail]).toEqual([400, 'There are 200 saved searches, the maximum: remove some first.']);
});
