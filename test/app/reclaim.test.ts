import { expect, test } from 'vitest';
import { garbageCollector, reclaimWhenQuiet } from '../../server/app/reclaim.ts';

/** A store that changes when it is told to, and a clock that goes on when it is told to. */
function watched() {
  const collected: string[] = [];
  let change = (_total: number) => {};
  let due: (() => void) | null = null;
  const watching = reclaimWhenQuiet(
    {
      subscribe: (listener) => {
        change = (total) => listener({ type: 'cleared', seq: 1, counts: { total, unread: 0, bytes: 0, evicted: 0 } });
        return () => {
          change = () => {};
        };
      },
    },
    {
      collect: (what) => void collected.push(what),
      after: (_, run) => {
        due = run;
        return () => {
          due = null;
        };
      },
    },
  );
  return {
    collected,
    changes: (count: number) => {
      for (let n = 0; n < count; n++) change(0);
    },
    holds: (total: number) => change(total),
    /** @returns whether there was anything to wait for */
    goOn: () => {
      const run = due;
      due = null;
      run?.();
      return run !== null;
    },
    [Symbol.dispose]: () => watching[Symbol.dispose](),
  };
}

test('after much mail garbage is collected when it has become quiet, once', () => {
  using store = watched();
  store.changes(700);
  store.goOn();
  expect(store.collected).toEqual([]);
  store.changes(300);
  store.goOn();
  expect(store.collected).toEqual([]);
  store.goOn();
  expect(store.collected).toEqual(['minor']);
  store.goOn();
  expect(store.collected).toEqual(['minor', 'major']);
  store.goOn();
  expect(store.collected).toEqual(['minor', 'major', 'major']);
  expect(store.goOn()).toBe(false);
});

test('mail that comes before the end begins it anew', () => {
  using store = watched();
  store.changes(1000);
  store.goOn();
  store.goOn();
  expect(store.collected).toEqual(['minor']);
  store.changes(1);
  store.goOn();
  expect(store.collected).toEqual(['minor']);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'minor', 'major', 'major']);
});

test('little mail is not worth it, until it has become much', () => {
  using store = watched();
  store.changes(999);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  store.changes(1);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('one change that takes much mail away is worth it', () => {
  using store = watched();
  store.holds(1000);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  store.holds(0);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('with so much mail that it would hold up others nothing is collected, until that is gone', () => {
  using store = watched();
  store.changes(2000);
  store.holds(100_000);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  store.holds(10);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('nothing is collected after a stop', () => {
  const store = watched();
  store.changes(1000);
  store[Symbol.dispose]();
  expect(store.goOn()).toBe(false);
  store.changes(1000);
  expect(store.goOn()).toBe(false);
});

test('what is collected is garbage', async () => {
  const collect = garbageCollector();
  const dropped = () => new WeakRef({ some: 'thing' });
  const garbage = dropped();
  // What a reference was made of lives until the end of the turn.
  await new Promise(setImmediate);
  collect('minor');
  collect('major');
  expect(garbage.deref()).toBeUndefined();
});
