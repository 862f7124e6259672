import { describe, expect, test } from 'vitest';
import type { StoreEvent } from '../../server/store/events.ts';
import type { Limits, Store } from '../../server/store/store.ts';
import { everything } from '../../wire/query/query.ts';
import { parseQuery } from '../../wire/query/text.ts';
import { anIncoming } from '../message/a-summary.ts';

/** The contract of every store, wherever it keeps its mail. */
export function storeContract(name: string, open: (limits?: Partial<Limits>) => Store | Promise<Store>): void {
  const mail = (subject: string, more: Parameters<typeof anIncoming>[0] = {}) =>
    anIncoming({ raw: `Subject: ${subject}\r\n\r\nbody of ${subject}\r\n`, ...more });
  const subjects = async (store: Store, q = '', page = {}) =>
    (await store.list(parseQuery(q), { limit: 100, ...page })).messages.map(({ subject }) => subject);
  const filled = async (store: Store, ...names: string[]) => {
    for (const subject of names) await store.add(mail(subject));
    return (await store.list(everything, { limit: 500 })).messages.map(({ id }) => id).reverse();
  };

  describe(`${name} keeps what a store promises`, () => {
    test('every reader sees an added mail, byte for byte', async () => {
      const store = await open();
      const raw = Buffer.from('Subject: hello\r\nTo: ada@x.test\r\n\r\nbare\nLF, bare\rCR, \0 and \xff\r\n', 'latin1');
      const { id } = await store.add(
        anIncoming({ raw, to: ['ada@x.test', 'hidden@x.test', 'hidden@x.test'], username: 'app' }),
      );

      expect(await store.raw(id)).toEqual(raw);
      const stored = await store.get(id);
      expect(stored?.summary).toMatchObject({ id, subject: 'hello', size: raw.length, read: false, username: 'app' });
      expect(stored?.summary.bcc.map(({ address }) => address)).toContain('hidden@x.test');
      expect(stored?.envelope.to.map(({ address }) => address)).toEqual([
        'ada@x.test',
        'hidden@x.test',
        'hidden@x.test',
      ]);
      expect((await store.list(everything, { limit: 1 })).messages[0]?.id).toBe(id);
      expect(await store.ids(parseQuery('hello'))).toEqual([id]);
      expect((await store.mailboxes()).addresses).toEqual([
        { name: 'ada@x.test', total: 1, unread: 1 },
        { name: 'hidden@x.test', total: 1, unread: 1 },
      ]);
      expect((await store.mailboxes()).usernames).toEqual([{ name: 'app', total: 1, unread: 1 }]);
    });

    test('a missing mail is null', async () => {
      const store = await open();
      expect(await store.get('no-such-id')).toBeNull();
      expect(await store.raw('no-such-id')).toBeNull();
      expect(await store.content('no-such-id')).toBeNull();
      expect(await store.attachment('no-such-id', 0)).toBeNull();
      expect(await store.update(['no-such-id'], { read: true })).toEqual([]);
      expect(await store.remove(['no-such-id'])).toEqual([]);
      expect(await store.clear()).toBe(0);
      expect((await store.stats()).seq).toBe(0);
    });

    test('lists are newest first, in pages by cursor and by offset', async () => {
      const store = await open();
      await filled(store, 'a', 'b', 'c', 'd', 'e');
      expect(await subjects(store)).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(await subjects(store, '', { limit: 2 })).toEqual(['e', 'd']);
      expect(await subjects(store, '', { limit: 2, offset: 4 })).toEqual(['a']);
      expect(await subjects(store, '', { limit: 2, offset: 9 })).toEqual([]);
      const [, second] = (await store.list(everything, { limit: 2 })).messages;
      expect(await subjects(store, '', { before: second?.seq })).toEqual(['c', 'b', 'a']);
      expect(await subjects(store, '', { after: second?.seq })).toEqual(['e']);
      expect(await subjects(store, '-c', { limit: 2, offset: 1 })).toEqual(['d', 'b']);
      expect(await subjects(store, '-c', { before: second?.seq })).toEqual(['b', 'a']);
    });

    test('a search returns how many match in total, and finds bodies that nobody has read yet', async () => {
      const store = await open();
      await filled(store, 'a', 'b', 'c');
      const { messages, matched, counts } = await store.list(parseQuery('"body of" -subject:b'), { limit: 1 });
      expect(messages.map(({ subject }) => subject)).toEqual(['c']);
      expect(matched).toBe(2);
      expect(counts.total).toBe(3);
    });

    test('events follow one another without a gap, each with the totals after it', async () => {
      const store = await open();
      const events: StoreEvent[] = [];
      const unsubscribe = store.subscribe((event) => events.push(event));
      const [a = '', b = ''] = await filled(store, 'a', 'b', 'c');
      await store.update([a, b], { read: true });
      await store.update([a], { read: true });
      await store.remove([b]);
      await store.clear();
      unsubscribe();
      await store.add(mail('unheard'));

      expect(events.map(({ type, seq, counts }) => [type, seq, counts.total, counts.unread])).toEqual([
        ['added', 1, 1, 1],
        ['added', 2, 2, 2],
        ['added', 3, 3, 3],
        ['updated', 4, 3, 1],
        ['removed', 5, 2, 1],
        ['cleared', 6, 0, 0],
      ]);
      expect(store.since(4)?.map(({ seq }) => seq)).toEqual([5, 6, 7]);
      expect(store.since(7)).toEqual([]);
      expect(store.since(8)).toBeNull();
    });

    test('reading a body fills in preview and attachments, once', async () => {
      const store = await open();
      const { id } = await store.add(anIncoming({ raw: 'Subject: x\r\n\r\nsee attached: a.txt\r\n' }));
      const events: StoreEvent[] = [];
      store.subscribe((event) => events.push(event));
      await Promise.all([store.content(id), store.content(id)]);
      await store.content(id);
      expect(events).toMatchObject([{ type: 'updated', ids: [id], change: { preview: 'see attached: a.txt' } }]);
      expect((await store.get(id))?.summary.attachments).toHaveLength(1);
      expect(await store.ids(parseQuery('has:attachment'))).toEqual([id]);
    });

    test('the oldest make room for the newest, by count', async () => {
      const store = await open({ messages: 2 });
      const events: StoreEvent[] = [];
      store.subscribe((event) => events.push(event));
      await filled(store, 'a', 'b', 'c');
      expect(await subjects(store)).toEqual(['c', 'b']);
      expect(
        events.map((event) => (event.type === 'removed' ? [event.reason, event.counts.evicted] : event.type)),
      ).toEqual(['added', 'added', ['evicted', 1], 'added']);
      expect((await store.stats()).counts).toMatchObject({ total: 2, unread: 2, evicted: 1 });
    });

    test('the oldest make room for the newest, by bytes, as many as needed', async () => {
      const store = await open({ bytes: 300 });
      for (const subject of ['a', 'b', 'c'])
        await store.add(mail(subject, { raw: `Subject: ${subject}\r\n\r\n`.padEnd(100, '.') }));
      expect(await subjects(store)).toEqual(['c', 'b', 'a']);
      await store.add(mail('d', { raw: 'Subject: d\r\n\r\n'.padEnd(150, '.') }));
      expect(await subjects(store)).toEqual(['d', 'c']);
      expect((await store.stats()).counts.bytes).toBe(250);
    });

    test('a mail that can never fit is rejected, and evicts nothing', async () => {
      const store = await open({ bytes: 300 });
      await store.add(mail('a'));
      await expect(store.add(mail('huge', { raw: '.'.repeat(301) }))).rejects.toMatchObject({ code: 'store-full' });
      expect(await subjects(store)).toEqual(['a']);
      expect((await store.stats()).counts.evicted).toBe(0);
    });

    test('pinned mails stay, and the oldest of the others are evicted', async () => {
      const store = await open({ messages: 3, bytes: 10_000 });
      const [a = ''] = await filled(store, 'a', 'b', 'c');
      await store.update([a], { pinned: true });
      await filled(store, 'd', 'e');
      expect(await subjects(store)).toEqual(['e', 'd', 'a']);
      expect(await subjects(store, 'is:pinned')).toEqual(['a']);
      expect(await subjects(store, '-is:pinned')).toEqual(['e', 'd']);
      await store.update([a], { pinned: false });
      await filled(store, 'f');
      expect(await subjects(store)).toEqual(['f', 'e', 'd']);
      expect((await store.stats()).counts).toMatchObject({ total: 3, evicted: 3 });
    });

    test('a store full of pinned mails rejects others, even many at once, and accepts them when there is room', async () => {
      const store = await open({ messages: 4 });
      const ids = await filled(store, 'a', 'b', 'c', 'd');
      await store.update(ids.slice(0, 3), { pinned: true });
      await Promise.all(['e', 'f', 'g'].map((subject) => store.add(mail(subject))));
      expect(await subjects(store, 'is:pinned')).toEqual(['c', 'b', 'a']);
      expect((await store.stats()).counts.total).toBe(4);
      await store.update(await store.ids(everything), { pinned: true });
      const refused = await Promise.allSettled([store.add(mail('h')), store.add(mail('i'))]);
      expect(refused).toMatchObject([
        { status: 'rejected', reason: { code: 'store-full', message: expect.stringContaining('4 of 4 mails') } },
        { status: 'rejected', reason: { code: 'store-full' } },
      ]);
      await store.remove(ids.slice(0, 1));
      await store.add(mail('j'));
      expect(await subjects(store)).toHaveLength(4);
      expect((await subjects(store))[0]).toBe('j');
    });

    test('pinned octets count, too', async () => {
      const store = await open({ bytes: 300 });
      const big = (subject: string) => mail(subject, { raw: `Subject: ${subject}\r\n\r\n`.padEnd(100, '.') });
      const { id } = await store.add(big('a'));
      await store.update([id], { pinned: true });
      for (const subject of ['b', 'c', 'd']) await store.add(big(subject));
      expect(await subjects(store)).toEqual(['d', 'c', 'a']);
      await expect(store.add(mail('e', { raw: '.'.repeat(250) }))).rejects.toMatchObject({ code: 'store-full' });
      expect(await subjects(store)).toEqual(['d', 'c', 'a']);
    });

    test('mails that are too old are removed, oldest first, except pinned ones', async () => {
      const store = await open();
      const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
      for (const second of [0, 1, 2, 3]) await store.add(mail(String(second), { receivedAt: at(second) }));
      const [oldest = ''] = (await store.ids(everything)).toReversed();
      await store.update([oldest], { pinned: true });
      const events: StoreEvent[] = [];
      store.subscribe((event) => events.push(event));
      expect(await store.expire(at(-1))).toEqual(at(1));
      expect(events).toEqual([]);
      expect(await store.expire(at(2))).toEqual(at(3));
      expect(await subjects(store)).toEqual(['3', '0']);
      expect(events).toMatchObject([{ type: 'removed', reason: 'expired', counts: { total: 2, evicted: 2 } }]);
      expect(await store.expire(at(3))).toBeNull();
      expect(await subjects(store)).toEqual(['0']);
    });

    test('mails that are too old are removed, even if the clock was wrong for a while', async () => {
      const store = await open();
      const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
      for (const second of [1, 3600, 2, -3600, 3]) await store.add(mail(String(second), { receivedAt: at(second) }));
      expect(await store.expire(at(0))).toEqual(at(1));
      expect(await subjects(store)).toEqual(['3', '2', '3600', '1']);
      expect(await store.expire(at(2))).toEqual(at(3));
      expect(await subjects(store)).toEqual(['3', '3600']);
    });

    test('a mail deleted from one mailbox stays in the others, and is removed with its last recipient', async () => {
      const store = await open();
      const { id } = await store.add(mail('a', { to: ['ada@x.test', 'Bob@x.test', 'bob@x.test'], username: 'shop' }));
      const events: StoreEvent[] = [];
      store.subscribe((event) => events.push(event));
      const opened = async (name: string) => await store.ids({ match: 'mailbox', name });

      expect(await store.removeDeliveries('ADA@x.test', [id, 'no-such-id'])).toEqual([id]);
      expect(await store.removeDeliveries('ada@x.test', [id])).toEqual([]);
      expect(await store.removeDeliveries('nobody@x.test', [id])).toEqual([]);
      expect(await opened('ada@x.test')).toEqual([]);
      expect(await opened('ada')).toEqual([]);
      for (const name of ['bob@x.test', 'bob', 'shop', 'all']) expect(await opened(name)).toEqual([id]);
      expect(await store.ids(parseQuery('rcpt:ada@x.test'))).toEqual([]);
      expect(await store.ids(parseQuery('rcpt:bob@x.test user:shop'))).toEqual([id]);
      expect(await store.mailboxes()).toEqual({
        addresses: [{ name: 'bob@x.test', total: 1, unread: 1 }],
        usernames: [{ name: 'shop', total: 1, unread: 1 }],
      });
      expect(events).toMatchObject([
        { type: 'updated', ids: [id], change: { deletedBy: 'ADA@x.test' }, counts: { total: 1 } },
      ]);

      // Marks in the meantime do not change that.
      await store.update([id], { read: true });
      expect(await opened('ada')).toEqual([]);
      expect(await store.removeDeliveries('bob', [id])).toEqual([id]);
      expect(await store.get(id)).toBeNull();
      expect(await store.raw(id)).toBeNull();
      expect(await store.mailboxes()).toEqual({ addresses: [], usernames: [] });
      expect(events.at(-1)).toMatchObject({ type: 'removed', ids: [id], reason: 'deleted', counts: { total: 0 } });
    });

    test('the mailbox of a username is not one of the recipients', async () => {
      const store = await open();
      const { id } = await store.add(mail('a', { to: ['ada@x.test'], username: 'Shop' }));
      expect(await store.removeDeliveries('shop', [id])).toEqual([id]);
      expect((await store.mailboxes()).usernames).toEqual([]);
      expect(await store.ids(parseQuery('user:shop'))).toEqual([]);
      expect(await store.ids({ match: 'mailbox', name: 'ada' })).toEqual([id]);
      expect(await store.removeDeliveries('ada', [id])).toEqual([id]);
      expect(await store.get(id)).toBeNull();
      // It has no recipients, so there is no last one.
      const { id: draft } = await store.add(mail('b', { to: [], username: 'shop' }));
      expect(await store.removeDeliveries('shop', [draft])).toEqual([draft]);
      expect(await store.ids(everything)).toEqual([draft]);
    });

    test('a local part deletes from all mailboxes that it opens', async () => {
      const store = await open();
      const both = await store.add(mail('a', { to: ['ada@x.test', 'ada@y.test'], username: 'ada' }));
      const one = await store.add(mail('b', { to: ['ada@x.test', 'bob@y.test'], username: 'ada' }));
      expect(await store.removeDeliveries('ada', [both.id, one.id])).toEqual([one.id, both.id]);
      expect(await subjects(store)).toEqual(['b']);
      expect(await store.mailboxes()).toEqual({
        addresses: [{ name: 'bob@y.test', total: 1, unread: 1 }],
        usernames: [],
      });
    });

    test.each(['all', '*', 'ALL'])('from the mailbox of everything, %s, a mail is removed for all', async (mailbox) => {
      const store = await open();
      const { id } = await store.add(mail('a', { to: ['ada@x.test', 'bob@x.test'] }));
      expect(await store.removeDeliveries(mailbox, [id])).toEqual([id]);
      expect(await store.get(id)).toBeNull();
    });

    test('recipients who delete the same mail at the same time delete it together, whatever their order', async () => {
      const store = await open();
      const recipients = Array.from({ length: 10 }, (_, n) => `r${n}@x.test`);
      for (let round = 0; round < 10; round++) {
        const { id } = await store.add(mail(`${round}`, { to: recipients }));
        const removals: readonly string[][] = await Promise.all(
          recipients.map(async (name) => [...(await store.removeDeliveries(name, [id]))]),
        );
        expect(removals).toEqual(recipients.map(() => [id]));
        expect(await store.get(id)).toBeNull();
      }
      expect(await store.mailboxes()).toEqual({ addresses: [], usernames: [] });
    });

    test('events that are not about mails are in order with the others', async () => {
      const store = await open();
      const seqs: number[] = [];
      store.subscribe(({ seq }) => seqs.push(seq));
      await Promise.all([
        store.add(mail('a')),
        store.announce({ type: 'searches', searches: [] }),
        store.add(mail('b')),
        store.announce({ type: 'searches', searches: [] }),
      ]);
      expect(seqs).toEqual([1, 2, 3, 4]);
    });

    test('changes to many mails are split, so that the size of an event is bounded', async () => {
      const store = await open({ messages: 5000, bytes: 10 * 1024 * 1024 });
      await Promise.all(Array.from({ length: 2500 }, (_, i) => store.add(mail(String(i)))));
      const events: StoreEvent[] = [];
      store.subscribe((event) => events.push(event));
      const ids = await store.ids(everything);
      await store.update(ids, { read: true });
      await store.remove(ids.slice(0, 1500));
      expect(events.map((event) => ('ids' in event ? [event.type, event.ids.length] : event.type))).toEqual([
        ['updated', 1000],
        ['updated', 1000],
        ['updated', 500],
        ['removed', 1000],
        ['removed', 500],
      ]);
      expect(events.at(-1)?.counts).toMatchObject({ total: 1000, unread: 0 });
    });
  });
}
