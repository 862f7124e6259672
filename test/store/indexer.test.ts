import { expect, test } from 'vitest';
import type { Start, StoreEvent } from '../../server/store/events.ts';
import { follow } from '../../server/store/follow.ts';
import { startIndexer } from '../../server/store/indexer.ts';
import type { Store } from '../../server/store/store.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aStore } from './a-store.ts';

test('new mail gets its preview without a request', async () => {
  const { store } = aStore();
  using _indexer = startIndexer(store, fail);
  const parsed = updates(store, 3);
  const ids = [];
  for (const name of ['a', 'b', 'c'])
    ids.push((await store.add(anIncoming({ raw: `Subject: x\r\n\r\n${name}\r\n` }))).id);
  expect((await parsed).sort()).toEqual(ids);
  expect((await store.get(ids[1] ?? ''))?.summary.preview).toBe('b');
});

test('mail from before the start gets its preview, too', async () => {
  const { store } = aStore();
  const { id } = await store.add(anIncoming({ raw: 'Subject: x\r\n\r\nold\r\n' }));
  const parsed = updates(store, 1);
  using _indexer = startIndexer(store, fail);
  expect(await parsed).toEqual([id]);
  expect((await store.get(id))?.summary.preview).toBe('old');
});

test('in a burst, accepting mail goes first; afterwards everything is parsed, newest first', async () => {
  const { store, contents } = aStore();
  using _indexer = startIndexer(store, fail);
  const parsed = updates(store, 50);
  const ids = [];
  for (let i = 0; i < 50; i++) ids.push((await store.add(anIncoming())).id);
  expect(contents.parsed).toEqual([]);
  await parsed;
  expect(contents.parsed).toEqual(ids.reverse());
});

test('a mail that takes forever does not block the others', async () => {
  const { store, contents } = aStore();
  using _indexer = startIndexer(store, fail);
  const parse = contents.content.bind(contents);
  contents.content = (id, raw) => (raw.includes('slow') ? new Promise(() => {}) : parse(id, raw));
  const parsed = updates(store, 2);
  await store.add(anIncoming({ raw: 'Subject: x\r\n\r\nslow\r\n' }));
  const { id: first } = await store.add(anIncoming());
  await new Promise((resolve) => setImmediate(resolve));
  const { id: second } = await store.add(anIncoming());
  expect((await parsed).sort()).toEqual([first, second]);
});

test('a mail that temporarily cannot be parsed is retried a few times', async () => {
  const { store, contents } = aStore();
  const later: { delay: number; run: () => void }[] = [];
  using _indexer = startIndexer(store, fail, (delay, run) => {
    later.push({ delay, run });
    return () => {};
  });
  const digest = contents.read.bind(contents);
  contents.read = async (id, raw) => ({ ...(await digest(id, raw)), body: null });
  const { id } = await store.add(anIncoming({ raw: 'Subject: x\r\n\r\nhello\r\n' }));
  for (const delay of [1000, 10_000, 60_000]) {
    await expect.poll(() => later.length).toBe(1);
    // Nothing is published that may change a moment later.
    expect((await store.get(id))?.summary.preview).toBeNull();
    const [next] = later.splice(0);
    expect(next?.delay).toBe(delay);
    if (delay === 60_000) contents.read = digest;
    const parsed = delay === 60_000 ? updates(store, 1) : null;
    next?.run();
    await parsed;
  }
  expect((await store.get(id))?.summary.preview).toBe('hello');
  expect(later).toEqual([]);
});

test('after a stop, it parses nothing more', async () => {
  const { store, contents } = aStore();
  const indexer = startIndexer(store, fail);
  await store.add(anIncoming());
  indexer[Symbol.dispose]();
  await new Promise((resolve) => setImmediate(resolve));
  expect(contents.parsed).toEqual([]);
});

function fail(error: unknown): never {
  throw error;
}

/** Resolves with the ids once this many mails have been parsed. */
function updates(store: Store, count: number): Promise<string[]> {
  const ids: string[] = [];
  return new Promise((resolve) => {
    const take = (event: Start | StoreEvent) => {
      if (event.type !== 'updated') return;
      ids.push(...event.ids);
      if (ids.length < count) return;
      following[Symbol.dispose]();
      resolve(ids);
    };
    const following = follow(store, take, fail);
  });
}
