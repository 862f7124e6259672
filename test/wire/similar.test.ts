import { expect, test } from 'vitest';
import { similar } from '../../wire/similar.ts';

const verbs = ['wait', 'expect', 'list', 'show', 'send', 'sendmail'];

test.each([
  ['lst', 'list'],
  ['ls', 'list'],
  ['LIST', 'list'],
  ['lsit', 'list'],
  ['lists', 'list'],
  ['sned', 'send'],
  ['sendmial', 'sendmail'],
  ['expcet', 'expect'],
  ['', null],
  ['frobnicate', null],
  ['delete', null],
  ['x'.repeat(1_000_000), null],
])('%s: did you mean %s?', (word, meant) => {
  expect(similar(word, verbs)).toBe(meant);
});

test('nothing similar gives null', () => {
  expect(similar('list', [])).toBeNull();
});
