import { describe, expect, test } from 'vitest';
import type { Position, Start, StoreEvent } from '../../server/store/events.ts';
import type { Limits, SessionFilter, Store } from '../../server/store/store.ts';
import type { Upkeep } from '../../server/store/upkeep.ts';
import { everything } from '../../wire/query/query.ts';
import { parseQuery } from '../../wire/query/text.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aSession } from './a-session.ts';
import { followed } from './followed.ts';

/** Two handles on one store, maybe in different processes. */
export interface Handles {
  readonly a: Store & Upkeep;
  readonly b: Store & Upkeep;
}

/** What every store promises, whatever it keeps its mail in: what one handle has done, the other sees. */
export function storeContract(name: string, open: (limits?: Partial<Limits>) => Promise<Handles>): void {
  const mail = (subject: string, more: Parameters<typeof anIncoming>[0] = {}) =>
    anIncoming({ raw: `Subject: ${subject}\r\n\r\nbody of ${subject}\r\n`, ...more });
  const subjects = async (store: Store, q = '', page = {}) =>
    (await store.list(parseQuery(q), { limit: 100, ...page })).messages.map(({ subject }) => subject);
  const filled = async (store: Store, ...names: string[]) => {
    for (const subject of names) await store.add(mail(subject));
    return (await store.list(everything, { limit: 500 })).messages.map(({ id }) => id).reverse();
  };

  /** What a reader is told, until it is this much. */
  const read = async (store: Store, after: Position | null, most: number) => {
    const told: (Start | StoreEvent)[] = [];
    for await (const events of store.changes(after, new AbortController().signal)) {
      told.push(...events);
      if (told.length >= most) break;
    }
    return told;
  };

  describe(`${name} keeps what a store promises`, () => {
    test('every reader sees an added mail, byte for byte', async () => {
      const { a, b } = await open();
      const raw = Buffer.from('Subject: hello\r\nTo: ada@x.test\r\n\r\nbare\nLF, bare\rCR, \0 and \xff\r\n', 'latin1');
      const { id } = await a.add(
        anIncoming({ raw, to: ['ada@x.test', 'hidden@x.test', 'hidden@x.test'], username: 'app' }),
      );

      expect(await b.raw(id)).toEqual(raw);
      const stored = await b.get(id);
      expect(stored?.summary).toMatchObject({ id, subject: 'hello', size: raw.length, read: false, username: 'app' });
      expect(stored?.summary.bcc.map(({ address }) => address)).toContain('hidden@x.test');
      expect(stored?.envelope.to.map(({ address }) => address)).toEqual([
        'ada@x.test',
        'hidden@x.test',
        'hidden@x.test',
      ]);
      expect((await b.list(everything, { limit: 1 })).messages[0]?.id).toBe(id);
      expect(await b.ids(parseQuery('hello'))).toEqual([id]);
      expect((await b.mailboxes()).addresses).toEqual([
        { name: 'ada@x.test', total: 1, unread: 1 },
        { name: 'hidden@x.test', total: 1, unread: 1 },
      ]);
      expect((await b.mailboxes()).usernames).toEqual([{ name: 'app', total: 1, unread: 1 }]);
    });

    test('a missing mail is null', async () => {
      const { a, b } = await open();
      expect(await b.get('no-such-id')).toBeNull();
      expect(await b.raw('no-such-id')).toBeNull();
      expect(await a.content('no-such-id')).toBeNull();
      expect(await b.attachment('no-such-id', 0)).toBeNull();
      expect(await a.update(['no-such-id'], { read: true })).toEqual([]);
      expect(await a.remove(['no-such-id'])).toEqual([]);
      expect(await a.clear()).toBe(0);
      expect((await b.stats()).seq).toBe(0);
    });

    test('lists are newest first, in pages by cursor and by offset', async () => {
      const { a, b } = await open();
      await filled(a, 'a', 'b', 'c', 'd', 'e');
      expect(await subjects(b)).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(await subjects(b, '', { limit: 2 })).toEqual(['e', 'd']);
      expect(await subjects(b, '', { limit: 2, offset: 4 })).toEqual(['a']);
      expect(await subjects(b, '', { limit: 2, offset: 9 })).toEqual([]);
      const [, second] = (await b.list(everything, { limit: 2 })).messages;
      expect(await subjects(b, '', { before: second?.seq })).toEqual(['c', 'b', 'a']);
      expect(await subjects(b, '', { after: second?.seq })).toEqual(['e']);
      expect(await subjects(b, '-c', { limit: 2, offset: 1 })).toEqual(['d', 'b']);
      expect(await subjects(b, '-c', { before: second?.seq })).toEqual(['b', 'a']);
    });

    test('a search returns how many match in total, and finds bodies that nobody has read yet', async () => {
      const { a, b } = await open();
      await filled(a, 'a', 'b', 'c');
      const { messages, matched, counts } = await b.list(parseQuery('"body of" -subject:b'), { limit: 1 });
      expect(messages.map(({ subject }) => subject)).toEqual(['c']);
      expect(matched).toBe(2);
      expect(counts.total).toBe(3);
    });

    test('events follow one another without a gap, each with the totals after it', async () => {
      const { a, b } = await open();
      using told = await followed(b);
      const [first = '', second = ''] = await filled(a, 'a', 'b', 'c');
      await a.update([first, second], { read: true });
      await b.update([first], { read: true });
      await b.remove([second]);
      await a.clear();

      expect((await told.events()).map(({ type, seq, counts }) => [type, seq, counts.total, counts.unread])).toEqual([
        ['added', 1, 1, 1],
        ['added', 2, 2, 2],
        ['added', 3, 3, 3],
        ['updated', 4, 3, 1],
        ['removed', 5, 2, 1],
        ['cleared', 6, 0, 0],
      ]);
    });

    test('a reader continues after its position, or is told to start over', async () => {
      const { a, b } = await open({ messages: 5 });
      await filled(a, 'a', 'b', 'c');
      const { epoch, seq, counts } = await b.stats();
      expect(await a.stats()).toMatchObject({ epoch, seq: 3 });
      const position = (at: number) => ({ epoch, seq: at });
      expect(await read(b, position(1), 3)).toMatchObject([
        { type: 'start', ...position(1), counts, resumed: true },
        { type: 'added', seq: 2 },
        { type: 'added', seq: 3 },
      ]);
      expect(await read(b, position(seq), 1)).toEqual([{ type: 'start', ...position(seq), counts, resumed: true }]);
      const anew = [{ type: 'start', ...position(seq), counts, resumed: false }];
      for (const after of [null, position(seq + 1), { epoch: 'another', seq: 1 }])
        expect(await read(b, after, 1)).toEqual(anew);
    });

    test('a reader that falls far behind is told to start over where the others are, and goes on from there', async () => {
      const { a, b } = await open({ messages: 5 });
      const over = new AbortController();
      const changes = b.changes(null, over.signal)[Symbol.asyncIterator]();
      expect((await changes.next()).value).toMatchObject([{ type: 'start', seq: 0, resumed: false }]);
      await a.add(mail('a'));
      expect((await changes.next()).value).toMatchObject([{ type: 'added', seq: 1 }]);
      for (let i = 0; i < 3000; i++) await a.add(mail(String(i)));
      const { seq, counts, epoch } = await b.stats();
      expect((await changes.next()).value).toEqual([{ type: 'start', epoch, seq, counts, resumed: false }]);
      await a.clear();
      expect((await changes.next()).value).toMatchObject([{ type: 'cleared', seq: seq + 1 }]);
      const last = changes.next();
      over.abort();
      expect((await last).done).toBe(true);
    });

    test('one that is gone when it begins to read reads nothing, and one that stops reading stays where it is', async () => {
      const { a, b } = await open();
      const changes = b.changes(null, new AbortController().signal);
      for await (const events of changes) {
        expect(events).toMatchObject([{ type: 'start' }]);
        break;
      }
      await a.add(mail('a'));
      const gone = b.changes(null, AbortSignal.abort());
      for await (const events of gone) expect(events).toMatchObject([{ type: 'start' }]);
    });

    test('reading a body fills in preview and attachments, once', async () => {
      const { a, b } = await open();
      const { id } = await a.add(anIncoming({ raw: 'Subject: x\r\n\r\nsee attached: a.txt\r\n' }));
      using told = await followed(b);
      await Promise.all([a.content(id), a.content(id)]);
      await a.content(id);
      expect(await told.events()).toMatchObject([
        { type: 'updated', ids: [id], change: { preview: 'see attached: a.txt' } },
      ]);
      expect((await b.get(id))?.summary.attachments).toHaveLength(1);
      expect(await b.ids(parseQuery('has:attachment'))).toEqual([id]);
    });

    test('a mail that several prepare at the same time is parsed once', async () => {
      const { a, b } = await open();
      const [id = ''] = await filled(a, 'a');
      using told = await followed(b);
      const prepared = await Promise.all([a.prepare(id, true), b.prepare(id, false), a.prepare(id, false)]);
      expect(prepared).toContain(true);
      expect(await told.events()).toMatchObject([{ type: 'updated', ids: [id], change: { preview: 'body of a' } }]);
      expect(await b.prepare(id, true)).toBe(true);
      expect(await b.prepare('no-such-id', true)).toBe(true);
      expect(await told.events()).toHaveLength(1);
    });

    test('the oldest make room for the newest, by count', async () => {
      const { a, b } = await open({ messages: 2 });
      using told = await followed(b);
      await filled(a, 'a', 'b', 'c');
      expect(await subjects(b)).toEqual(['c', 'b']);
      expect(
        (await told.events()).map((event) =>
          event.type === 'removed' ? [event.reason, event.counts.evicted] : event.type,
        ),
      ).toEqual(['added', 'added', ['evicted', 1], 'added']);
      expect((await b.stats()).counts).toMatchObject({ total: 2, unread: 2, evicted: 1 });
    });

    test('the oldest make room for the newest, by bytes, as many as needed', async () => {
      const { a, b } = await open({ bytes: 300 });
      for (const subject of ['a', 'b', 'c'])
        await a.add(mail(subject, { raw: `Subject: ${subject}\r\n\r\n`.padEnd(100, '.') }));
      expect(await subjects(b)).toEqual(['c', 'b', 'a']);
      await a.add(mail('d', { raw: 'Subject: d\r\n\r\n'.padEnd(150, '.') }));
      expect(await subjects(b)).toEqual(['d', 'c']);
      expect((await b.stats()).counts.bytes).toBe(250);
    });

    test('a mail that can never fit is rejected, and evicts nothing', async () => {
      const { a, b } = await open({ bytes: 300 });
      await a.add(mail('a'));
      await expect(a.add(mail('huge', { raw: '.'.repeat(301) }))).rejects.toMatchObject({ code: 'store-full' });
      expect(await subjects(b)).toEqual(['a']);
      expect((await b.stats()).counts.evicted).toBe(0);
    });

    test('pinned mails stay, and the oldest of the others are evicted', async () => {
      const { a, b } = await open({ messages: 3, bytes: 10_000 });
      const [first = ''] = await filled(a, 'a', 'b', 'c');
      await a.update([first], { pinned: true });
      await filled(a, 'd', 'e');
      expect(await subjects(b)).toEqual(['e', 'd', 'a']);
      expect(await subjects(b, 'is:pinned')).toEqual(['a']);
      expect(await subjects(b, '-is:pinned')).toEqual(['e', 'd']);
      await b.update([first], { pinned: false });
      await filled(a, 'f');
      expect(await subjects(b)).toEqual(['f', 'e', 'd']);
      expect((await b.stats()).counts).toMatchObject({ total: 3, evicted: 3 });
    });

    test('a store full of pinned mails rejects others, even many at once, and accepts them when there is room', async () => {
      const { a, b } = await open({ messages: 4 });
      const ids = await filled(a, 'a', 'b', 'c', 'd');
      await a.update(ids.slice(0, 3), { pinned: true });
      await Promise.all(['e', 'f', 'g'].map((subject) => a.add(mail(subject))));
      expect(await subjects(b, 'is:pinned')).toEqual(['c', 'b', 'a']);
      expect((await b.stats()).counts.total).toBe(4);
      await a.update(await b.ids(everything), { pinned: true });
      const refused = await Promise.allSettled([a.add(mail('h')), a.add(mail('i'))]);
      expect(refused).toMatchObject([
        { status: 'rejected', reason: { code: 'store-full', message: expect.stringContaining('4 of 4 mails') } },
        { status: 'rejected', reason: { code: 'store-full' } },
      ]);
      await a.remove(ids.slice(0, 1));
      await a.add(mail('j'));
      expect(await subjects(b)).toHaveLength(4);
      expect((await subjects(b))[0]).toBe('j');
    });

    test('pinned octets count, too', async () => {
      const { a, b } = await open({ bytes: 300 });
      const big = (subject: string) => mail(subject, { raw: `Subject: ${subject}\r\n\r\n`.padEnd(100, '.') });
      const { id } = await a.add(big('a'));
      await a.update([id], { pinned: true });
      for (const subject of ['b', 'c', 'd']) await a.add(big(subject));
      expect(await subjects(b)).toEqual(['d', 'c', 'a']);
      await expect(a.add(mail('e', { raw: '.'.repeat(250) }))).rejects.toMatchObject({ code: 'store-full' });
      expect(await subjects(b)).toEqual(['d', 'c', 'a']);
    });

    test('mails that are too old are removed, oldest first, except pinned ones', async () => {
      const { a, b } = await open();
      const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
      for (const second of [0, 1, 2, 3]) await a.add(mail(String(second), { receivedAt: at(second) }));
      const [oldest = ''] = (await b.ids(everything)).toReversed();
      await a.update([oldest], { pinned: true });
      using told = await followed(b);
      expect(await b.expire(at(-1))).toEqual(at(1));
      expect(await told.events()).toEqual([]);
      expect(await b.expire(at(2))).toEqual(at(3));
      expect(await subjects(b)).toEqual(['3', '0']);
      expect(await told.events()).toMatchObject([
        { type: 'removed', reason: 'expired', counts: { total: 2, evicted: 2 } },
      ]);
      expect(await b.expire(at(3))).toBeNull();
      expect(await subjects(b)).toEqual(['0']);
    });

    test('mails that are too old are removed, even if the clock was wrong for a while', async () => {
      const { a, b } = await open();
      const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
      for (const second of [1, 3600, 2, -3600, 3]) await a.add(mail(String(second), { receivedAt: at(second) }));
      expect(await b.expire(at(0))).toEqual(at(1));
      expect(await subjects(a)).toEqual(['3', '2', '3600', '1']);
      expect(await a.expire(at(2))).toEqual(at(3));
      expect(await subjects(b)).toEqual(['3', '3600']);
    });

    test('a mail deleted from one mailbox stays in the others, and is removed with its last recipient', async () => {
      const { a, b } = await open();
      const { id } = await a.add(mail('a', { to: ['ada@x.test', 'Bob@x.test', 'bob@x.test'], username: 'shop' }));
      using told = await followed(b);
      const opened = async (name: string) => await b.ids({ match: 'mailbox', name });

      expect(await b.removeDeliveries('ADA@x.test', [id, 'no-such-id'])).toEqual([id]);
      expect(await b.removeDeliveries('ada@x.test', [id])).toEqual([]);
      expect(await b.removeDeliveries('nobody@x.test', [id])).toEqual([]);
      expect(await opened('ada@x.test')).toEqual([]);
      expect(await opened('ada')).toEqual([]);
      for (const name of ['bob@x.test', 'bob', 'shop', 'all']) expect(await opened(name)).toEqual([id]);
      expect(await b.ids(parseQuery('rcpt:ada@x.test'))).toEqual([]);
      expect(await b.ids(parseQuery('rcpt:bob@x.test user:shop'))).toEqual([id]);
      expect(await b.mailboxes()).toEqual({
        addresses: [{ name: 'bob@x.test', total: 1, unread: 1 }],
        usernames: [{ name: 'shop', total: 1, unread: 1 }],
      });
      expect(await told.events()).toMatchObject([
        { type: 'updated', ids: [id], change: { deletedBy: 'ADA@x.test' }, counts: { total: 1 } },
      ]);

      // What is marked meanwhile changes nothing about it.
      await a.update([id], { read: true });
      expect(await opened('ada')).toEqual([]);
      expect(await b.removeDeliveries('bob', [id])).toEqual([id]);
      expect(await b.get(id)).toBeNull();
      expect(await b.raw(id)).toBeNull();
      expect(await b.mailboxes()).toEqual({ addresses: [], usernames: [] });
      expect((await told.events()).at(-1)).toMatchObject({
        type: 'removed',
        ids: [id],
        reason: 'deleted',
        counts: { total: 0 },
      });
    });

    test('the mailbox of a username is not one of the recipients', async () => {
      const { a, b } = await open();
      const { id } = await a.add(mail('a', { to: ['ada@x.test'], username: 'Shop' }));
      expect(await b.removeDeliveries('shop', [id])).toEqual([id]);
      expect((await b.mailboxes()).usernames).toEqual([]);
      expect(await b.ids(parseQuery('user:shop'))).toEqual([]);
      expect(await b.ids({ match: 'mailbox', name: 'ada' })).toEqual([id]);
      expect(await b.removeDeliveries('ada', [id])).toEqual([id]);
      expect(await b.get(id)).toBeNull();
      // Nobody was to have it, so nobody is the last.
      const { id: draft } = await a.add(mail('b', { to: [], username: 'shop' }));
      expect(await b.removeDeliveries('shop', [draft])).toEqual([draft]);
      expect(await b.ids(everything)).toEqual([draft]);
    });

    test('a local part deletes from all mailboxes that it opens', async () => {
      const { a, b } = await open();
      const both = await a.add(mail('a', { to: ['ada@x.test', 'ada@y.test'], username: 'ada' }));
      const one = await a.add(mail('b', { to: ['ada@x.test', 'bob@y.test'], username: 'ada' }));
      expect(await b.removeDeliveries('ada', [both.id, one.id])).toEqual([one.id, both.id]);
      expect(await subjects(b)).toEqual(['b']);
      expect(await b.mailboxes()).toEqual({
        addresses: [{ name: 'bob@y.test', total: 1, unread: 1 }],
        usernames: [],
      });
    });

    test.each(['all', '*', 'ALL'])('from the mailbox of everything, %s, a mail is removed for all', async (mailbox) => {
      const { a, b } = await open();
      const { id } = await a.add(mail('a', { to: ['ada@x.test', 'bob@x.test'] }));
      expect(await b.removeDeliveries(mailbox, [id])).toEqual([id]);
      expect(await b.get(id)).toBeNull();
    });

    test('recipients who delete the same mail at the same time delete it together, whatever their order', async () => {
      const { a, b } = await open();
      const recipients = Array.from({ length: 10 }, (_, n) => `r${n}@x.test`);
      for (let round = 0; round < 10; round++) {
        const { id } = await a.add(mail(`${round}`, { to: recipients }));
        const removals: readonly string[][] = await Promise.all(
          recipients.map(async (name) => [...(await b.removeDeliveries(name, [id]))]),
        );
        expect(removals).toEqual(recipients.map(() => [id]));
        expect(await b.get(id)).toBeNull();
      }
      expect(await b.mailboxes()).toEqual({ addresses: [], usernames: [] });
    });

    test('several mails are read at once, in the order of their ids', async () => {
      const { a, b } = await open();
      const [first = '', second = '', third = ''] = await filled(a, 'a', 'b', 'c');
      await a.remove([second]);
      const stored = await b.getMany([third, 'no-such-id', second, first, third]);
      expect(stored.map(({ summary }) => summary.subject)).toEqual(['c', 'a']);
      expect(stored[0]).toEqual(await b.get(third));
      expect(await b.getMany([])).toEqual([]);
    });

    test('all that match are changed, or removed', async () => {
      const { a, b } = await open();
      await filled(a, 'red 1', 'blue', 'red 2', 'red 3');
      expect(await b.updateWhere(parseQuery('subject:red'), { read: true })).toBe(3);
      // Those that are already so count, too.
      expect(await a.updateWhere(parseQuery('body'), { read: true })).toBe(4);
      expect(await a.updateWhere(parseQuery('green'), { read: false })).toBe(0);
      expect((await b.stats()).counts.unread).toBe(0);
      expect(await b.removeWhere(parseQuery('"body of red"'))).toBe(3);
      expect(await subjects(a)).toEqual(['blue']);
      expect(await b.removeWhere(parseQuery('red'))).toBe(0);
      using told = await followed(b);
      expect(await a.removeWhere(everything)).toBe(1);
      expect(await told.events()).toMatchObject([{ type: 'cleared' }]);
    });

    test('mail that is removed while all that match are looked for is not counted', async () => {
      const { a, b } = await open();
      const [first = ''] = await filled(a, 'a', 'b');
      const [updated, gone] = await Promise.all([
        b.updateWhere(parseQuery('body'), { pinned: true }),
        a.remove([first]),
      ]);
      expect(gone).toEqual([first]);
      expect([1, 2]).toContain(updated);
      const [one, two] = await Promise.all([a.removeWhere(parseQuery('body')), b.removeWhere(parseQuery('body'))]);
      expect(one + two).toBe(1);
    });

    test('searches are saved under a name, replaced and removed, in order with all other changes', async () => {
      const { a, b } = await open();
      expect(await b.searches()).toEqual([]);
      using told = await followed(b);
      await Promise.all([
        a.add(mail('a')),
        a.saveSearch({ name: 'red', q: 'subject:red' }),
        b.add(mail('b')),
        b.saveSearch({ name: 'blue', q: 'subject:blue' }),
      ]);
      await b.saveSearch({ name: 'red', q: 'subject:red is:unread' });
      const searches = [
        { name: 'blue', q: 'subject:blue' },
        { name: 'red', q: 'subject:red is:unread' },
      ];
      expect(await a.searches()).toEqual(searches);
      expect(await b.removeSearch('green')).toBe(false);
      expect(await b.removeSearch('blue')).toBe(true);
      expect(await a.searches()).toEqual(searches.slice(1));
      const events = await told.events();
      expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(events.slice(-1)).toMatchObject([{ type: 'searches', searches: searches.slice(1) }]);
    });

    test('there are at most 200 saved searches, however many are saved at once', async () => {
      const { a, b } = await open();
      const save = (store: Store, n: number) => store.saveSearch({ name: `${n}`, q: '' });
      const saved = await Promise.allSettled(Array.from({ length: 205 }, (_, n) => save(n % 2 === 0 ? a : b, n)));
      const refused = saved.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(refused).toHaveLength(5);
      expect(refused[0]).toMatchObject({ code: 'bad-request', message: expect.stringContaining('200') });
      const [{ name } = { name: '' }] = await b.searches();
      await a.saveSearch({ name, q: 'is:read' });
      expect(await b.searches()).toHaveLength(200);
    });

    test('of many lists of saved searches only the latest is kept, and no seq is left out', async () => {
      const { a, b } = await open();
      const { epoch } = await b.stats();
      for (const q of ['1', '2', '3']) await a.saveSearch({ name: 'x', q });
      expect(await read(b, { epoch, seq: 0 }, 4)).toMatchObject([
        { type: 'start', resumed: true },
        { type: 'updated', seq: 1, ids: [], change: {} },
        { type: 'updated', seq: 2, ids: [], change: {} },
        { type: 'searches', seq: 3, searches: [{ name: 'x', q: '3' }] },
      ]);
    });

    test('what SMTP refused is remembered, a few hundred at most', async () => {
      const { a, b } = await open();
      const refused = (second: number) => ({
        time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
        command: `RCPT TO:<${second}@x.test>`,
        reply: '550 no',
        session: 'session1',
      });
      await a.addRefusal(refused(1));
      await b.addRefusal(refused(2));
      expect(await b.refusals(refused(0).time)).toEqual([refused(1), refused(2)]);
      expect(await a.refusals(refused(2).time)).toEqual([refused(2)]);
      for (let n = 3; n < 1000; n++) await a.addRefusal(refused(n));
      const all = await b.refusals(refused(0).time);
      expect(all.length).toBeLessThan(500);
      expect(all.at(-1)).toEqual(refused(999));
    });

    test('sessions are remembered, in order of their start, and found by what they had', async () => {
      const { a, b } = await open();
      await a.saveSession(aSession('first', { from: '', to: ['ada@x.test'] }));
      await b.saveSession(aSession('second', { protocol: 'POP3', username: 'Ada@x.test', peer: '[::1]:4712' }));
      await a.saveSession(
        aSession('first', { from: '', to: ['ada@x.test'], outcome: 'accepted', messages: ['mail-1'] }),
      );
      const find = async (filter: SessionFilter, limit = 10) => {
        const { sessions, matched } = await b.sessions(filter, limit);
        return [matched, ...sessions.map(({ id }) => id)];
      };
      expect(await find({})).toEqual([2, 'second', 'first']);
      expect(await find({}, 1)).toEqual([2, 'second']);
      expect(await find({ outcome: 'accepted' })).toEqual([1, 'first']);
      expect(await find({ protocol: 'POP3' })).toEqual([1, 'second']);
      expect(await find({ address: 'ADA@x.test' })).toEqual([2, 'second', 'first']);
      expect(await find({ address: 'eve@x.test' })).toEqual([0]);
      expect(await find({ peer: '192.0.2.1' })).toEqual([1, 'first']);
      expect(await find({ peer: '[::1]:4712' })).toEqual([1, 'second']);
      expect(await find({ message: 'mail-1' })).toEqual([1, 'first']);
      expect(await a.session('second')).toMatchObject({ username: 'Ada@x.test', transcript: '0 S 220 hello\n' });
      expect(await a.session('third')).toBeNull();
    });

    test('changes to many mails are split, so that the size of an event is bounded', async () => {
      const { a, b } = await open({ messages: 5000, bytes: 10 * 1024 * 1024 });
      await Promise.all(Array.from({ length: 2500 }, (_, i) => a.add(mail(String(i)))));
      using told = await followed(b);
      const ids = await b.ids(everything);
      await a.update(ids, { read: true });
      await a.remove(ids.slice(0, 1500));
      const events = await told.events();
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
