import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackedSeqs } from '../../../server/store/memory/decided.ts';
import type { About } from '../../../server/store/parse/contents.ts';
import { waitFor } from '../../../server/store/wait/wait.ts';
import { Watches } from '../../../server/store/wait/watch.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { aStore, SlowContents } from '../a-store.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Octets that are in use, without garbage. */
function inUse(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Records all requests. */
class AskedContents extends SlowContents {
  readonly judged: About[] = [];

  override judge(...[queries, now, about]: Parameters<SlowContents['judge']>) {
    this.judged.push(about);
    return super.judge(queries, now, about);
  }
}

async function storeOf(mails: number) {
  const test = aStore({ messages: mails }, new AskedContents());
  for (let i = 0; i < mails; i++) await test.store.add(anIncoming({ raw: `Subject: ${i}\r\n\r\nslow\r\n` }));
  return test;
}

test('1,000 searches that wait for threads keep little of the 2,000 mails they depend on', async () => {
  const { store, contents } = await storeOf(2000);
  const clients: AbortController[] = [];
  const search = (i: number) => {
    const gone = new AbortController();
    clients.push(gone);
    return store.list(parseQuery(`text:nothing${i}`), { limit: 1 }, gone.signal);
  };
  const first = Array.from({ length: 10 }, (_, i) => search(i));
  // Searches run in order, so this one comes after all others.
  await store.list(parseQuery('from:nobody'), { limit: 1 });
  const before = inUse();
  const waiting = Array.from({ length: 1000 }, (_, i) => search(i));
  await store.list(parseQuery('from:nobody'), { limit: 1 });
  const each = (inUse() - before) / waiting.length;
  expect(each).toBeLessThan(16 * 1024);
  for (const gone of clients) gone.abort();
  await Promise.allSettled([...first, ...waiting]);
  contents.letGo();
});

test('waits whose clients are gone request nothing more', async () => {
  const { store, contents } = await storeOf(100);
  const watches = new Watches(
    store,
    () => new Date(),
    (error) => expect.fail(String(error)),
  );
  const clients = Array.from({ length: 20 }, () => new AbortController());
  const waits = clients.map(({ signal }, i) =>
    waitFor({ store, watches }, parseQuery(`text:nothing${i}`), { count: 1, timeout: 60_000, signal }),
  );
  const settled = Promise.allSettled(waits);
  await nextTurn();
  await store.list(parseQuery('from:nobody'), { limit: 1 });
  await nextTurn();
  const asked = contents.judged.length;
  expect(asked).toBeGreaterThan(0);
  for (const gone of clients) gone.abort(new Error('the client left'));
  await settled;
  expect(watches.size).toBe(0);
  expect(contents.judged.filter(({ signal }) => !signal?.aborted)).toEqual([]);
  contents.letGo();
  // Only the next search makes requests.
  const next = store.list(parseQuery('text:nothing'), { limit: 1 });
  await expect.poll(() => contents.judged.length).toBeGreaterThan(asked);
  expect(contents.judged.slice(asked).filter(({ signal }) => signal?.aborted)).toEqual([]);
  let decided = false;
  void next.then(() => {
    decided = true;
  });
  while (!decided) {
    contents.letGo();
    await nextTurn();
  }
  expect(contents.judged).toHaveLength(asked + 100);
});

test('packed seqs give back those that still exist', () => {
  const seqs = fc.uniqueArray(fc.nat(1_000_000)).map((some) => some.sort((a, b) => b - a).map((seq) => ({ seq })));
  fc.assert(
    fc.property(seqs, seqs, (packed, there) => {
      const both = new Set(packed.map(({ seq }) => seq));
      expect([...new PackedSeqs(packed).among(packed)]).toEqual(packed);
      expect([...new PackedSeqs(packed).among(there)]).toEqual(there.filter(({ seq }) => both.has(seq)));
    }),
  );
});
