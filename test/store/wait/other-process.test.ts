import { expect, test } from 'vitest';
import { Slices } from '../../../server/slices.ts';
import type { Store } from '../../../server/store/store.ts';
import { type Expectation, expectMail } from '../../../server/store/wait/expect.ts';
import { Watches } from '../../../server/store/wait/watch.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { aStore } from '../a-store.ts';
import { farStore } from '../far-store.ts';

const now = () => new Date('2026-01-02T03:04:06Z');
const mail = (subject: string) => anIncoming({ raw: `Subject: ${subject}\r\n\r\nbody of ${subject}\r\n` });
const none = { min: 0, max: 0 };

/** What is expected of a store. */
function expecting(store: Store, watches: Watches, q: string, rest: Partial<Expectation> = {}) {
  const count = { min: 1, max: Number.POSITIVE_INFINITY };
  return expectMail(
    { store, watches, slices: new Slices() },
    { query: parseQuery(q), count, within: 60_000, quiet: 0, ...rest },
    now,
  );
}

function watching(store: Store): Watches {
  return new Watches(store, now, (error) => expect.fail(String(error)));
}

/** A store of which something is different. */
function changed(store: Store, change: Partial<Store>): Store {
  return new Proxy(store, { get: (target, name) => Reflect.get(change, name) ?? Reflect.get(target, name) });
}

test('a wait sees mail that another process adds, before it and during it', async () => {
  const { store } = aStore();
  const far = farStore(store);
  using watches = watching(far);
  await store.add(mail('first'));
  expect((await expecting(far, watches, 'subject:first')).matching).toMatchObject([{ subject: 'first' }]);
  const outcome = expecting(far, watches, '"body of second"');
  await store.add(mail('third'));
  const { id } = await store.add(mail('second'));
  expect(await outcome).toMatchObject({ failure: null, matching: [{ id }] });
});

test('mail that was acknowledged in time counts, even if news of it comes late', async () => {
  const { store } = aStore();
  let letThrough = () => {};
  const asked = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const late = changed(store, {
    async *changes(...from) {
      for await (const events of store.changes(...from)) {
        if (events.some(({ type }) => type === 'added')) await asked;
        yield events;
      }
    },
    // Only now it is asked how far the store is.
    async stats() {
      letThrough();
      return store.stats();
    },
  });
  using watches = watching(late);
  await watches.started;
  const outcome = expecting(late, watches, 'subject:first', { count: none, within: 50 });
  await store.list(parseQuery('subject:first'), { limit: 1 });
  const { id } = await store.add(mail('first'));
  expect(await outcome).toMatchObject({ failure: 'too-many', matching: [{ id }] });
});

test('a wait searches again when changes are lost', async () => {
  const { store } = aStore();
  let lose = () => {};
  const lost = new Promise<void>((resolve) => {
    lose = resolve;
  });
  const lossy = changed(store, {
    async *changes() {
      const { epoch, seq, counts } = await store.stats();
      yield [{ type: 'start', epoch, seq, counts, resumed: false }];
      await lost;
      yield [{ type: 'start', epoch: 'another', seq: 0, counts, resumed: false }];
    },
  });
  using watches = watching(lossy);
  await watches.started;
  const outcome = expecting(lossy, watches, 'subject:first');
  await store.list(parseQuery('subject:first'), { limit: 1 });
  const { id } = await store.add(mail('first'));
  lose();
  expect(await outcome).toMatchObject({ failure: null, matching: [{ id }] });
});
