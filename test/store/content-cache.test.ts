import { expect, test } from 'vitest';
import { nothing } from '../../server/message/extract.ts';
import type { Content } from '../../server/message/message.ts';
import { ContentCache } from '../../server/store/content-cache.ts';

/** A content that counts as so many octets. */
const content = (octets: number): Content => ({
  text: 'x'.repeat(octets / 2),
  html: null,
  headers: [],
  attachments: [],
  structure: null,
  searchText: '',
  preview: '',
  ...nothing,
  problem: null,
});

test('what was used longest ago goes first', () => {
  const cache = new ContentCache(100);
  for (const id of ['a', 'b', 'c']) cache.set(id, content(30), []);
  cache.get('a');
  cache.set('d', content(30), []);
  expect(['a', 'b', 'c', 'd'].map((id) => cache.get(id) !== null)).toEqual([true, false, true, true]);
  expect(cache.octets).toBe(90);
});

test('parts count', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(10), [new Uint8Array(40)]);
  cache.set('b', content(10), [new Uint8Array(20), new Uint8Array(20)]);
  expect(cache.octets).toBe(100);
  cache.set('c', content(2), []);
  expect(cache.get('a')).toBeNull();
  expect(cache.octets).toBe(52);
});

test('parts that alone are too large are left out, and push nobody out', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(40), []);
  cache.set('b', content(20), [new Uint8Array(1000)]);
  expect(cache.get('b')?.parts).toBeNull();
  expect(cache.get('a')).not.toBeNull();
  expect(cache.octets).toBe(60);
});

test('a content that alone is too large is not kept', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(40), []);
  cache.set('b', content(200), []);
  expect([cache.get('a') !== null, cache.get('b')]).toEqual([true, null]);
});

test('set again and deleted, each counts once', () => {
  const cache = new ContentCache(100);
  cache.set('a', content(40), []);
  cache.set('a', content(20), []);
  expect(cache.octets).toBe(20);
  cache.delete('a');
  cache.delete('a');
  expect(cache.octets).toBe(0);
});
