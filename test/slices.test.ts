import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Slices } from '../server/slices.ts';

/** Holds the event loop for longer than a slice. */
function hold(): void {
  for (const start = performance.now(); performance.now() - start < 6; );
}

const MUCH = 64 * 1024;

test('shared work runs at once until a slice is over, then one piece per turn', async () => {
  const slices = new Slices();
  const done: string[] = [];
  const share = (name: string) => slices.share(MUCH, () => void done.push(name));
  share('a');
  hold();
  for (const name of ['b', 'c', 'd']) share(name);
  for (const expected of ['a', 'ab', 'abc', 'abcd']) {
    expect(done.join('')).toBe(expected);
    await nextTurn();
  }
});

test('short work is not delayed', () => {
  const slices = new Slices();
  let done = 0;
  hold();
  for (let i = 0; i < 10; i++) slices.share(100, () => done++);
  expect(done).toBe(10);
});

test('long work takes turns', async () => {
  const slices = new Slices();
  const order: string[] = [];
  const work = function* (name: string) {
    for (let n = 0; n < 3; n++) {
      order.push(name);
      hold();
      yield;
    }
    return name;
  };
  expect(await Promise.all([slices.run(work('a')), slices.run(work('b'))])).toEqual(['a', 'b']);
  expect(order.slice(1)).toEqual(['a', 'b', 'a', 'b', 'b']);
});
