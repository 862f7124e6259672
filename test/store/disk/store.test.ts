import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Store } from '../../../server/store/store.ts';
import { everything } from '../../../wire/query/query.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { warning } from '../../../wire/warning.ts';
import { storeContract } from '../contract.ts';
import { farStore } from '../far-store.ts';
import { all, Disk, mail, plain } from './a-disk.ts';
import { asking } from './faulty-files.ts';

const disks: Disk[] = [];
afterEach(async () => {
  for (const disk of disks.splice(0)) await disk[Symbol.asyncDispose]();
});

const storedIn = async (store: Store, id: string) => {
  const stored = await store.get(id);
  return stored && { ...stored, summary: plain(stored.summary) };
};

/** Mail goes through the journal, or is filed at once. */
const ways = [
  ['through the journal', {}],
  ['a file at once', { journalOctets: 0 }],
] as const;

for (const [way, options] of ways) {
  storeContract(`disk, ${way}, with another handle on it`, async (limits) => {
    const disk = new Disk();
    disks.push(disk);
    const store = await disk.open({ ...options, ...(limits ? { limits } : {}) });
    return { a: store, b: farStore(store) };
  });
}

test.each(ways)('a mail is a file of exactly the octets that were sent: %s', async (_, options) => {
  await using disk = new Disk();
  const store = await disk.open(options);
  const raw = Buffer.from([...Array(256).keys(), 13, 10, 0, 255]);
  const empty = Buffer.alloc(0);
  const first = await store.add(mail('', { raw }));
  const second = await store.add(mail('', { raw: empty }));
  await disk.filed();
  expect(readFileSync(disk.path('mail', `${first.id}.eml`))).toEqual(raw);
  expect(readFileSync(disk.path('mail', `${second.id}.eml`))).toEqual(empty);
  expect(await store.raw(second.id)).toEqual(empty);
});

test('a restart keeps everything: mails, envelopes, numbers, marks', async () => {
  await using disk = new Disk();
  const before = await disk.open();
  const peer = {
    address: '::1',
    port: 5,
    helo: null,
    protocol: 'ESMTPSA',
    tls: { protocol: 'TLSv1.3', cipher: 'X', servername: null },
    username: 'app',
  };
  const incoming = mail('first', { to: ['ada@x.test', 'ada@x.test'] });
  await before.add({
    ...incoming,
    envelope: { ...incoming.envelope, from: { address: '', parameters: { SIZE: '10', SMTPUTF8: true } } },
    peer,
    warnings: [warning('helo-name', 'EHLO came without a host name.')],
  });
  await Promise.all(['second', 'third', 'fourth'].map((subject) => before.add(mail(subject))));
  const [a = '', b = '', c = ''] = (await all(before)).map(({ id }) => id);
  await before.update([a, b], { read: true });
  await before.update([b], { tags: ['red', 'ü'] });
  await before.remove([c]);
  const summaries = await all(before);
  const stored = await storedIn(before, a);
  const { seq, counts } = await before.stats();
  await disk.close();

  const after = await disk.open();
  expect(await all(after)).toEqual(summaries);
  expect(await storedIn(after, a)).toEqual(stored);
  expect(stored).toMatchObject({ peer, envelope: { from: { parameters: { SMTPUTF8: true } } } });
  expect(await after.stats()).toMatchObject({ seq, counts });
  expect(await after.ids(parseQuery('is:read tag:red'))).toEqual([b]);
  expect(await after.ids(parseQuery('header:subject=first'))).toEqual([a]);
  expect((await after.add(mail('new'))).seq).toBe(seq + 1);
});

test('a deletion from a mailbox survives a restart; older state files are read', async () => {
  await using disk = new Disk();
  const before = await disk.open();
  const { id } = await before.add(mail('a', { to: ['ada@x.test', 'bob@x.test'], username: 'shop' }));
  await before.removeDeliveries('ada@x.test', [id]);
  await before.removeDeliveries('shop', [id]);
  const [summary] = await all(before);
  await disk.close();

  const after = await disk.open();
  expect(await all(after)).toEqual([summary]);
  expect(await after.mailboxes()).toEqual({
    addresses: [{ name: 'bob@x.test', total: 1, unread: 1 }],
    usernames: [],
  });
  await after.update([id], { pinned: true, flagged: true });
  await disk.close();

  // As in older versions: the mark has no such field.
  const state = JSON.parse(readFileSync(disk.path('state.json'), 'utf8'));
  delete state.marks[id].deletedFrom;
  writeFileSync(disk.path('state.json'), JSON.stringify(state));
  const again = await disk.open();
  expect((await all(again))[0]).toMatchObject({ pinned: true, flagged: true, deletedFrom: null });
  expect(await again.removeDeliveries('ada', [id])).toEqual([id]);
  expect(await again.removeDeliveries('bob', [id])).toEqual([id]);
  expect(await all(again)).toEqual([]);
});

test('deletions from mailboxes are forgotten with the mail, however it is removed', async () => {
  await using disk = new Disk();
  const to = ['ada@x.test', 'bob@x.test'];
  const saved = async () => {
    await disk.archive.saved();
    return Object.keys(JSON.parse(readFileSync(disk.path('state.json'), 'utf8')).marks);
  };
  const store = await disk.open({ limits: { messages: 3 } });
  const added = async () => {
    const { id } = await store.add(mail('a', { to }));
    // A second time has no effect.
    for (let again = 0; again < 2; again++) await store.removeDeliveries('ada', [id]);
    return id;
  };
  const ids = [await added(), await added(), await added()];
  expect(await saved()).toEqual(ids);
  const [evicted = '', deleted = '', left = ''] = ids;
  const last = await added();
  expect(await saved()).not.toContain(evicted);
  await store.remove([deleted]);
  expect(await saved()).toEqual([left, last]);
  await store.removeDeliveries('bob', [left]);
  expect(await saved()).toEqual([last]);
  await store.clear();
  expect(await saved()).toEqual([]);
});

test('summaries are the same after a restart, even of mails with long or broken header blocks', async () => {
  await using disk = new Disk();
  const before = await disk.open();
  for (const raw of [
    '',
    '\r\n',
    'no header at all',
    'Subject: no body',
    'Subject: bare line feeds\n\nbody',
    `X-Long: ${'x'.repeat(10_000)}\r\nSubject: behind the first look\r\n\r\nbody`,
    `X-Long: ${'x'.repeat(300_000)}\r\nSubject: too far\r\n\r\nbody`,
    'Subject: only carriage returns\r\rbody',
  ]) {
    await before.add(mail('', { raw }));
  }
  const summaries = await all(before);
  await disk.close();
  expect(await all(await disk.open())).toEqual(summaries);
});

test('numbers are never reused, even if the newest mails were deleted and the process was killed', async () => {
  await using disk = new Disk();
  let highest = 0;
  for (let run = 0; run < 3; run++) {
    const store = await disk.open();
    expect((await store.stats()).seq).toBeGreaterThanOrEqual(highest);
    const { id, seq } = await store.add(mail('short-lived'));
    expect(seq).toBeGreaterThan(highest);
    await store.remove([id]);
    highest = (await store.stats()).seq;
    await disk.abandon();
  }
});

test.each(ways)('deleted, cleared and evicted mails leave no files: %s', async (_, options) => {
  await using disk = new Disk();
  const store = await disk.open({ ...options, limits: { messages: 3 } });
  await Promise.all(['a', 'b', 'c'].map((subject) => store.add(mail(subject))));
  await store.add(mail('d'));
  const ids = await store.ids(everything);
  await disk.filed();
  // Evicted mail is deleted after the reply.
  await expect.poll(() => disk.mails()).toEqual([...ids].sort());
  await store.remove(ids.slice(0, 1));
  expect(disk.mails()).toHaveLength(2);
  await store.remove(ids.slice(1));
  expect(disk.names('mail')).toEqual([]);
  const { id } = await store.add(mail('e'));
  await store.remove([id]);
  expect(disk.names('mail')).toEqual([]);
  await store.add(mail('f'));
  expect(await store.clear()).toBe(1);
  expect(disk.names('mail')).toEqual([]);
  await store.add(mail('g'));
  await disk.filed();
  expect(disk.mails()).toHaveLength(1);
  await disk.close();
  expect(readdirSync(disk.folder).sort()).toEqual(['aside', 'incoming', 'mail', 'state.json']);
});

test('limits apply at the start, too: the oldest are removed', async () => {
  await using disk = new Disk();
  const before = await disk.open();
  for (const subject of ['a', 'b', 'c', 'd']) await before.add(mail(subject));
  await disk.close();
  const after = await disk.open({ limits: { messages: 2 } });
  expect((await all(after)).map(({ subject }) => subject)).toEqual(['c', 'd']);
  expect((await after.stats()).counts.evicted).toBe(2);
  await disk.close();
  expect(disk.mails()).toHaveLength(2);
});

test('concurrent senders of large mails share the sync of the folder', async () => {
  await using disk = new Disk();
  let syncs = 0;
  const store = await disk.open({
    journalOctets: 0,
    files: asking(({ does, path }) => {
      if (does === 'syncFolder' && path.endsWith('mail')) syncs += 1;
    }),
  });
  await Promise.all(Array.from({ length: 100 }, (_, i) => store.add(mail(String(i)))));
  expect(syncs).toBeLessThan(50);
  expect((await all(store)).map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  await disk.close();
  expect(await all(await disk.open())).toHaveLength(100);
});

test('marks are saved a moment after they change, without a stop', async () => {
  await using disk = new Disk();
  let settle = () => {};
  const saved = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let awaited = false;
  const store = await disk.open({
    files: asking(({ does, path }) => {
      if (awaited && does === 'syncFolder' && path === disk.folder) settle();
    }),
  });
  const { id } = await store.add(mail('a'));
  awaited = true;
  await store.update([id], { read: true });
  await saved;
  await disk.abandon();
  expect((await (await disk.open()).get(id))?.summary.read).toBe(true);
});

test('saved searches survive a restart', async () => {
  await using disk = new Disk();
  const searches = [{ name: 'Resets', q: 'subject:reset' }];
  const before = await disk.open();
  await before.saveSearch({ name: 'Resets', q: 'subject:reset' });
  await disk.close();
  expect(await (await disk.open()).searches()).toEqual(searches);
});

test('a state file without pins and saved searches is read', async () => {
  await using disk = new Disk();
  const before = await disk.open();
  const { id } = await before.add(mail('a'));
  await disk.close();
  writeFileSync(
    disk.path('state.json'),
    JSON.stringify({ version: 1, seq: 1, marks: { [id]: { read: true, tags: ['x'] } } }),
  );
  const after = await disk.open();
  expect((await after.get(id))?.summary).toMatchObject({ read: true, tags: ['x'], pinned: false });
  expect(disk.logged).toEqual([]);
});

test('pins apply at the start, too: the limits do not remove them', async () => {
  await using disk = new Disk();
  const before = await disk.open();
  for (const subject of ['a', 'b', 'c']) await before.add(mail(subject));
  const [a = ''] = (await all(before)).map(({ id }) => id);
  await before.update([a], { pinned: true });
  await disk.close();
  const after = await disk.open({ limits: { messages: 2 } });
  expect((await all(after)).map(({ subject, pinned }) => [subject, pinned])).toEqual([
    ['a', true],
    ['c', false],
  ]);
});

test('a mail rejected because of pinned ones leaves no file', async () => {
  await using disk = new Disk();
  const store = await disk.open({ limits: { messages: 1 } });
  const { id } = await store.add(mail('a'));
  await store.update([id], { pinned: true });
  await expect(store.add(mail('b'))).rejects.toMatchObject({ code: 'store-full' });
  await disk.filed();
  expect(disk.names('incoming')).toEqual([]);
  expect(disk.mails()).toEqual([id]);
});

test('a stop unlocks the folder; later mail is rejected', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  expect(existsSync(disk.path('lock'))).toBe(true);
  await disk.close();
  expect(existsSync(disk.path('lock'))).toBe(false);
  await expect(store.add(mail('late'))).rejects.toThrow('shutting down');
  expect(disk.names('incoming')).toEqual([]);
});
