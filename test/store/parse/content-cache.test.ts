import { expect, test } from 'vitest';
import type { Content } from '../../../server/message/message.ts';
import type { Body } from '../../../server/message/query/matches.ts';
import { nothing } from '../../../server/message/unparsed.ts';
import { ContentCache } from '../../../server/store/parse/content-cache.ts';

/** A content that counts as this many octets. */
const content = (octets: number): Content => ({
  text: 'x'.repeat(octets / 2),
  html: null,
  headers: [],
  attachments: [],
  structure: null,
  searchText: '',
  preview: '',
  ...nothing,
  warnings: [],
  problem: null,
});

const none: Body = { text: '', signature: new Uint32Array(128), html: false, link: false, code: false };

test('the least recently used is evicted first', () => {
  const cache = new ContentCache(100);
  for (const id of ['a', 'b', 'c']) cache.set(id, content(30), none, []);
  cache.get('a');
  cache.set('d', content(30), none, []);
  expect(['a', 'b', 'c', 'd'].map((id) => cache.get(id) !== null)).toEqual([true, false, true, true]);
  expect(cache.octets).toBe(90);
});

test('the size of parts counts', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(10), none, [new Uint8Array(40)]);
  cache.set('b', content(10), none, [new Uint8Array(20), new Uint8Array(20)]);
  expect(cache.octets).toBe(100);
  cache.set('c', content(2), none, []);
  expect(cache.get('a')).toBeNull();
  expect(cache.octets).toBe(52);
});

test('parts that are too large by themselves are not cached, and evict nothing', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(40), none, []);
  cache.set('b', content(20), none, [new Uint8Array(1000)]);
  expect(cache.get('b')?.parts).toBeNull();
  expect(cache.get('a')).not.toBeNull();
  expect(cache.octets).toBe(60);
});

test('a content that is too large by itself is not cached', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(40), none, []);
  cache.set('b', content(200), none, []);
  expect([cache.get('a') !== null, cache.get('b')]).toEqual([true, null]);
});

test('set again and deleted, each counts once', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(40), none, []);
  cache.set('a', content(20), none, []);
  expect(cache.octets).toBe(20);
  cache.delete('a');
  cache.delete('a');
  expect(cache.octets).toBe(0);
});
