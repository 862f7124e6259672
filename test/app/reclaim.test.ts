import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { garbageCollector, reclaimWhenQuiet } from '../../server/app/reclaim.ts';
import { EventLog } from '../../server/store/event-log.ts';

/** A store that changes when it is told to, and a clock that goes on when it is told to. */
async function watched() {
  const collected: string[] = [];
  let total = 0;
  let due: (() => void) | null = null;
  const log = new EventLog({ epoch: 'epoch-1', counts: () => ({ total, unread: 0, bytes: 0, evicted: 0 }) });
  const watching = reclaimWhenQuiet(log, {
    collect: (what) => void collected.push(what),
    report: (error) => expect.fail(String(error)),
    after: (_, run) => {
      due = run;
      return () => {
        due = null;
      };
    },
  });
  await nextTurn();
  return {
    collected,
    changes: async (count: number) => {
      for (let n = 0; n < count; n++) log.publish({ type: 'cleared' });
      await nextTurn();
    },
    holds: async (mails: number) => {
      total = mails;
      log.publish({ type: 'cleared' });
      await nextTurn();
    },
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

test('after much mail, garbage is collected once, when traffic has stopped', async () => {
  using store = await watched();
  await store.changes(700);
  store.goOn();
  expect(store.collected).toEqual([]);
  await store.changes(300);
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

test('new mail during the wait restarts it', async () => {
  using store = await watched();
  await store.changes(1000);
  store.goOn();
  store.goOn();
  expect(store.collected).toEqual(['minor']);
  await store.changes(1);
  store.goOn();
  expect(store.collected).toEqual(['minor']);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'minor', 'major', 'major']);
});

test('little mail does not trigger a collection until it adds up', async () => {
  using store = await watched();
  await store.changes(999);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  await store.changes(1);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('one change that removes much mail triggers a collection', async () => {
  using store = await watched();
  await store.holds(1000);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  await store.holds(0);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('with so much mail that a collection would block others, nothing is collected until it is gone', async () => {
  using store = await watched();
  await store.changes(2000);
  await store.holds(100_000);
  while (store.goOn());
  expect(store.collected).toEqual([]);
  await store.holds(10);
  while (store.goOn());
  expect(store.collected).toEqual(['minor', 'major', 'major']);
});

test('nothing is collected after a stop', async () => {
  const store = await watched();
  await store.changes(1000);
  store[Symbol.dispose]();
  expect(store.goOn()).toBe(false);
  await store.changes(1000);
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
