import { expect, test } from 'vitest';
import { garbageCollector, reclaimWhenQuiet } from '../../server/app/reclaim.ts';

/** A store and a clock that the test controls. */
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

test('after much mail, garbage is collected once, when traffic has stopped', () => {
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

test('new mail during the wait restarts it', () => {
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

test('little mail does not trigger a collection until it adds up', () => {
  using store = watched();
  store.changes(999);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  store.changes(1);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('one change that removes much mail triggers a collection', () => {
  using store = watched();
  store.holds(1000);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  store.holds(0);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('with so much mail that a collection would block others, nothing is collected until it is gone', () => {
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

test('the collection frees garbage', async () => {
  const collect = garbageCollector();
  const dropped = () => new WeakRef({ some: 'thing' });
  const garbage = dropped();
  // The target of a new WeakRef lives until the end of the turn.
  await new Promise(setImmediate);
  collect('minor');
  collect('major');
  expect(garbage.deref()).toBeUndefined();
});
