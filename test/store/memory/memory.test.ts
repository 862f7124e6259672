import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { garbageCollector } from '../../../server/app/reclaim.ts';
import { summarize } from '../../../server/message/summary.ts';
import { follow } from '../../../server/store/follow.ts';
import { everything } from '../../../wire/query/query.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { anIncoming } from '../../message/a-summary.ts';
import { aStore } from '../a-store.ts';
import { storeContract } from '../contract.ts';
import { farStore } from '../far-store.ts';
import { followed } from '../followed.ts';

storeContract('memory', async (limits) => {
  const { store } = aStore(limits);
  return { a: store, b: store };
});

storeContract('memory, with another handle on it', async (limits) => {
  const { store } = aStore(limits);
  return { a: store, b: farStore(store) };
});

storeContract('memory, with two other handles on it', async (limits) => {
  const { store } = aStore(limits);
  return { a: farStore(store), b: farStore(store) };
});

test('a listener that throws is reported, and the others still get the event', async () => {
  const { store } = aStore();
  const reported: unknown[] = [];
  const heard: number[] = [];
  const throws = ({ seq }: { readonly seq: number }) => {
    heard.push(seq);
    throw new Error('fault');
  };
  using _following = follow(store, throws, (error) => reported.push(error));
  await store.add(anIncoming());
  await store.add(anIncoming());
  await setImmediate();
  expect(heard).toEqual([0, 1, 2]);
  expect(reported).toEqual([new Error('fault'), new Error('fault'), new Error('fault')]);
});

test('a reader in this process keeps up with whoever changes much without ever waiting', async () => {
  const { store } = aStore({ messages: 5 });
  using told = await followed(store);
  const add = async () => {
    for (let i = 0; i < 100; i++) await store.add(anIncoming());
  };
  await Promise.all(Array.from({ length: 50 }, add));
  const events = await told.events();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === 'added')).toHaveLength(5000);
});

test('mails of an earlier run are loaded over several turns of the event loop; the limits apply afterwards', async () => {
  const { store } = aStore({ messages: 2500 });
  const incoming = anIncoming();
  const { envelope, peer, warnings } = incoming;
  const mails = Array.from({ length: 5000 }, (_, i) => ({
    summary: summarize(incoming, { id: `earlier-${i}`, seq: i + 1 }),
    received: { envelope, peer, warnings },
  }));
  const steps: number[] = [];
  const adopting = store.adopt({ mails, seq: 5000, searches: [] });
  let done = false;
  const adopted = adopting.then(() => {
    done = true;
  });
  while (!done) {
    steps.push((await store.stats()).counts.total);
    await setImmediate();
  }
  await adopted;
  expect(steps.slice(0, 4)).toEqual([1000, 2000, 3000, 4000]);
  expect((await store.stats()).counts).toMatchObject({ total: 2500, evicted: 2500 });
  expect(await store.get('earlier-2499')).toBe(null);
  expect(await store.get('earlier-2500')).not.toBe(null);
});

test('a search parses only the bodies that its result depends on', async () => {
  const { store, contents } = aStore();
  const { id } = await store.add(anIncoming({ raw: 'Subject: one\r\n\r\nneedle\r\n' }));
  await store.add(anIncoming({ raw: 'Subject: needle\r\n\r\n\r\n' }));
  expect(await store.ids(parseQuery('subject:one needle'))).toEqual([id]);
  expect(contents.parsed).toEqual([id]);
});

test('a search stops when its caller is gone', async () => {
  const { store } = aStore();
  await store.add(anIncoming());
  const gone = AbortSignal.abort(new Error('the client left'));
  await expect(store.list(parseQuery('needle'), { limit: 1 }, gone)).rejects.toThrow('the client left');
});

test('mail removed during a search is not in its result', async () => {
  const { store } = aStore();
  const { id } = await store.add(anIncoming({ raw: 'Subject: x\r\n\r\nneedle\r\n' }));
  const searching = store.list(parseQuery('needle'), { limit: 10 });
  await store.remove([id]);
  expect((await searching).messages).toEqual([]);
});

test('parsed contents are forgotten with the mail', async () => {
  const { store, contents } = aStore({ messages: 2 });
  const added = [];
  for (let i = 0; i < 3; i++) added.push((await store.add(anIncoming())).id);
  await store.remove(added.slice(1, 2));
  await store.clear();
  expect(contents.forgotten.sort()).toEqual(added);
});

test('summaries of unread mails do not keep their octets in memory', async () => {
  const { store } = aStore({ messages: 1 });
  using told = await followed(store);
  const evicted = await Promise.all(
    Array.from({ length: 5 }, async (_, n) => {
      const raw = Buffer.from(`Subject: ${n}\r\n\r\n${'x'.repeat(100_000)}`);
      await store.add({ ...anIncoming(), raw });
      return new WeakRef(raw);
    }),
  );
  await store.add(anIncoming());
  // A WeakRef that was just created or read keeps its target until the next turn.
  await setImmediate();
  garbageCollector()('major');
  expect(evicted.map((raw) => raw.deref())).toEqual(evicted.map(() => undefined));
  const events = await told.events();
  const added = events.flatMap((event) => (event.type === 'added' ? [event.message.subject] : []));
  expect(added.slice(0, 5)).toEqual(['0', '1', '2', '3', '4']);
});

test('after any operations in any order, lists, counts and mailboxes agree with a plain model', async () => {
  const operation = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('add' as const),
        to: fc.constantFrom('a@x', 'B@x', 'b@x'),
        size: fc.integer({ min: 20, max: 90 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pin' as const), at: fc.nat(20) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('removeMany' as const), every: fc.integer({ min: 2, max: 4 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (operations) => {
      const { store, reported } = aStore({ messages: 8, bytes: 500 });
      let model: { id: string; to: string; size: number; read: boolean; pinned: boolean }[] = [];
      using told = await followed(store);
      for (const op of operations) {
        if (op.do === 'add') {
          const adding = store.add(anIncoming({ raw: ''.padEnd(op.size, '.'), to: [op.to] }));
          const held = model.filter(({ pinned }) => pinned);
          if (held.length === 8 || octets(held) + op.size > 500) {
            await expect(adding).rejects.toMatchObject({ code: 'store-full' });
          } else {
            const { id } = await adding;
            while (model.length === 8 || octets(model) + op.size > 500) {
              model.splice(
                model.findIndex(({ pinned }) => !pinned),
                1,
              );
            }
            model.push({ id, to: op.to.toLowerCase(), size: op.size, read: false, pinned: false });
          }
        } else if (op.do === 'remove') {
          const gone = model[op.at];
          await store.remove(gone ? [gone.id] : []);
          model = model.filter((mail) => mail !== gone);
        } else if (op.do === 'removeMany') {
          const gone = model.filter((_, i) => i % op.every === 0);
          await store.remove(gone.map(({ id }) => id));
          model = model.filter((mail) => !gone.includes(mail));
        } else if (op.do === 'pin') {
          const mail = model[op.at];
          if (mail) mail.pinned = !mail.pinned;
          await store.update(mail ? [mail.id] : [], { pinned: mail?.pinned ?? false });
        } else if (op.do === 'read') {
          const mail = model[op.at];
          if (mail) mail.read = true;
          await store.update(mail ? [mail.id] : [], { read: true });
        } else {
          await store.clear();
          model = [];
        }
        const newestFirst = model.map(({ id }) => id).reverse();
        const { messages, counts, matched } = await store.list(everything, { limit: 100 });
        expect(messages.map(({ id }) => id)).toEqual(newestFirst);
        expect([matched, counts.total]).toEqual([model.length, model.length]);
        expect(counts.unread).toBe(model.filter(({ read }) => !read).length);
        expect(counts.bytes).toBe(octets(model));
        const pinned = model.filter((mail) => mail.pinned).reverse();
        expect(await store.ids(parseQuery('is:pinned'))).toEqual(pinned.map(({ id }) => id));
        const unread = model.filter(({ to, read }) => to === 'b@x' && !read).reverse();
        expect(await store.ids(parseQuery('rcpt:b@x is:unread'))).toEqual(unread.map(({ id }) => id));
        const { addresses } = await store.mailboxes();
        const names = [...new Set(model.map(({ to }) => to))].sort();
        expect(addresses.map(({ name, total }) => [name, total])).toEqual(
          names.map((name) => [name, model.filter(({ to }) => to === name).length]),
        );
      }
      for (const [index, { seq, counts }] of (await told.events()).entries()) {
        expect(seq).toBe(index + 1);
        expect(counts.total).toBeLessThanOrEqual(8);
        expect(counts.bytes).toBeLessThanOrEqual(500);
      }
      expect(reported).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

function octets(mails: readonly { readonly size: number }[]): number {
  return mails.reduce((sum, { size }) => sum + size, 0);
}
