import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectRoute, formatRoute, inboxRoute, messageRoute, parseRoute, tabs } from '../../ui/src/route.ts';

const parse = (address: string) => parseRoute(new URL(address, 'http://127.0.0.1'));

test('a URL contains page, message, search and tab', () => {
  expect(parse('/')).toEqual({ page: 'inbox', id: null, q: '', tab: null });
  expect(parse('/?q=from%3Ashop')).toEqual({ page: 'inbox', id: null, q: 'from:shop', tab: null });
  expect(parse('/messages/01hzy3v9k2?q=a+b&tab=headers')).toEqual({
    page: 'message',
    id: '01hzy3v9k2',
    q: 'a b',
    tab: 'headers',
  });
  expect(parse('/connect')).toEqual({ page: 'connect', id: null, q: '', tab: null });
});

test('an unknown path is the inbox', () => {
  for (const address of ['/messages/', '/messages/x', '/messages/../../etc', '/nowhere', '/messages/01hzy3v9k2/more']) {
    expect(parse(address).page).toBe('inbox');
  }
  expect(parse('/messages/01hzy3v9k2?tab=nonsense').tab).toBeNull();
});

test('writing and reading a URL gives the same route', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/);
  const route = fc.oneof(
    fc.string().map(inboxRoute),
    fc.string().map(connectRoute),
    fc.tuple(id, fc.string(), fc.option(fc.constantFrom(...tabs))).map(([id, q, tab]) => messageRoute(id, q, tab)),
  );
  fc.assert(
    fc.property(route, (route) => {
      expect(parse(formatRoute(route))).toEqual(route);
    }),
  );
});
