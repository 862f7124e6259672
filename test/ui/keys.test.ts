import { expect, test } from 'vitest';
import { KEY_HELP, readKey } from '../../ui/src/keys.ts';

const none = { ctrlKey: false, metaKey: false, altKey: false };

/** The actions of a sequence of keys. */
function press(...keys: readonly string[]): readonly (string | null)[] {
  let before = '';
  return keys.map((key) => {
    const read = readKey(before, { key, ...none });
    before = read.before;
    return read.action;
  });
}

test('one key, one action', () => {
  expect(press('j', 'k', 'Enter', 'u', 'p', 'c', '#', '/', 's', 'Escape', '?')).toEqual([
    'next',
    'previous',
    'open',
    'toggle-read',
    'toggle-pin',
    'copy-code',
    'delete',
    'search',
    'searches',
    'close',
    'help',
  ]);
  expect(press('x', 'Shift', 'F5')).toEqual([null, null, null]);
});

test('g twice goes to the top; once does nothing', () => {
  expect(press('g', 'g')).toEqual([null, 'top']);
  expect(press('g', 'j', 'g')).toEqual([null, 'next', null]);
  expect(press('g', 'g', 'g')).toEqual([null, 'top', null]);
});

test('keys of the browser and the system are ignored', () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
    expect(readKey('', { key: 'j', ...none, [modifier]: true }).action).toBeNull();
  }
});

test('the list that ? shows names no key twice', () => {
  const keys = KEY_HELP.map(([keys]) => keys);
  expect(new Set(keys).size).toBe(keys.length);
});
