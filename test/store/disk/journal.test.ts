import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { all, Disk, large, mail, plain } from './a-disk.ts';
import { asking, type Step, systemError } from './faulty-files.ts';

/** Files whose steps fail while the test says so. */
function failing(fails: (step: Step) => boolean, code = 'ENOSPC') {
  const switched = { on: false };
  const files = asking((step) => {
    if (switched.on && fails(step)) throw systemError(code);
  });
  return { switched, files };
}

afterEach(() => void vi.useRealTimers());

const subjects = (mails: readonly { readonly subject: string | null }[]) => mails.map(({ subject }) => subject);
const journalsOf = (disk: Disk) => disk.names('mail').filter((name) => name.endsWith('.journal'));
const pathOfJournal = (disk: Disk) => disk.path('mail', journalsOf(disk)[0] ?? '');

test('small mails share a journal, large ones have their own files; all can be read', async () => {
  await using disk = new Disk();
  // Filing starts after a moment without mail; fake timers prevent it here.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const store = await disk.open();
  const incoming = [...Array.from({ length: 20 }, (_, n) => mail(`${n}`)), large('large')];
  const added = await Promise.all(incoming.map((one) => store.add(one)));
  expect(journalsOf(disk)).toHaveLength(1);
  expect(disk.mails()).toEqual([added[20]?.id]);
  for (const [n, { id }] of added.entries())
    expect((await store.raw(id))?.equals(incoming[n]?.raw ?? Buffer.of())).toBe(true);
  const summaries = await all(store);
  vi.useRealTimers();
  await disk.filed();
  expect(journalsOf(disk)).toEqual([]);
  expect(disk.mails()).toEqual(added.map(({ id }) => id).sort());
  expect(await all(store)).toEqual(summaries);
  for (const [n, { id }] of added.entries())
    expect((await store.raw(id))?.equals(incoming[n]?.raw ?? Buffer.of())).toBe(true);
});

test('mail is filed during a pause, without a stop', async () => {
  await using disk = new Disk();
  let settle = () => {};
  const filed = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const store = await disk.open({
    files: asking(({ does, path }) => {
      if (does === 'remove' && path.endsWith('.journal')) settle();
    }),
  });
  const { id } = await store.add(mail('a'));
  await filed;
  expect(readFileSync(disk.path('mail', `${id}.eml`))).toEqual(mail('a').raw);
});

test('beyond the limit, the oldest mails are filed while others arrive', async () => {
  await using disk = new Disk();
  const { raw } = mail('x'.repeat(60_000));
  const store = await disk.open({ journalOctets: 2 * raw.length });
  for (let n = 0; n < 40; n++) await store.add(mail('', { raw }));
  expect(disk.mails().length).toBeGreaterThan(10);
  await disk.abandon();
  expect(await all(await disk.open())).toHaveLength(40);
});

test.each(['create', 'write', 'sync', 'rename', 'syncFolder'] as const)(
  'mail that cannot be filed, at %s, is still there, can be deleted, and is filed later',
  async (does) => {
    await using disk = new Disk();
    const { files, switched } = failing((step) => step.does === does && !step.path.endsWith('.journal'));
    const store = await disk.open({ files });
    const added = await Promise.all(['a', 'b', 'c'].map((subject) => store.add(mail(subject))));
    const [a = '', b = '', c = ''] = added.map(({ id }) => id);
    switched.on = true;
    // Retries are logged only once.
    for (let n = 0; n < 3; n++) await disk.filed();
    expect(disk.logged).toMatchObject([{ event: 'mail not filed yet', fields: { reason: expect.any(String) } }]);
    expect(disk.mails()).toEqual([]);
    expect(await store.raw(b)).toEqual(mail('b').raw);
    expect(await store.remove([a])).toEqual([a]);
    switched.on = false;
    await disk.filed();
    expect(disk.mails()).toEqual([b, c].sort());
    await disk.abandon();
    expect(subjects(await all(await disk.open()))).toEqual(['b', 'c']);
  },
);

test('a journal that cannot be removed does not bring back deleted mail', async () => {
  await using disk = new Disk();
  const { files, switched } = failing(({ does, path }) => does === 'remove' && path.endsWith('.journal'), 'EROFS');
  const store = await disk.open({ files });
  const [a, b] = await Promise.all(['a', 'b'].map((subject) => store.add(mail(subject))));
  switched.on = true;
  await disk.filed();
  expect(disk.mails()).toHaveLength(2);
  expect(await store.remove([a?.id ?? ''])).toEqual([a?.id]);
  expect(disk.mails()).toEqual([b?.id]);
  await disk.abandon();
  expect(subjects(await all(await disk.open()))).toEqual(['b']);
  expect(disk.names('mail')).toHaveLength(2);
});

test('mail deleted or evicted before it was filed does not come back, however the process ends', async () => {
  await using disk = new Disk();
  const store = await disk.open({ limits: { messages: 3 } });
  const added = [];
  for (const subject of ['a', 'b', 'c', 'd', 'e']) added.push(await store.add(mail(subject)));
  await store.remove([added[3]?.id ?? '']);
  await disk.abandon();
  const after = await disk.open();
  expect(subjects(await all(after))).toEqual(['c', 'e']);
  expect(disk.names('aside')).toEqual([]);
});

test('a mail that cannot be removed from the journal stays, and the caller gets an error', async () => {
  await using disk = new Disk();
  const { files, switched } = failing(({ does }) => does === 'overwrite', 'EIO');
  const store = await disk.open({ files });
  const [a = '', b = ''] = (await Promise.all(['a', 'b'].map((subject) => store.add(mail(subject))))).map(
    ({ id }) => id,
  );
  switched.on = true;
  await expect(store.remove([a])).rejects.toThrow('EIO');
  expect((await all(store)).map(({ id }) => id)).toEqual([a, b]);
  switched.on = false;
  expect(await store.remove([a])).toEqual([a]);
});

test('mail gets a new journal if the old one was deleted', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  await store.add(mail('a'));
  rmSync(pathOfJournal(disk));
  await store.add(mail('b'));
  // Acknowledged mail is still in memory, and gets its file.
  await disk.filed();
  await store.add(mail('c'));
  await disk.filed();
  await disk.abandon();
  expect(subjects(await all(await disk.open()))).toEqual(['a', 'b', 'c']);
});

test('a stop files everything', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.add(mail(`${n}`))));
  await disk.close();
  expect(journalsOf(disk)).toEqual([]);
  expect(disk.mails()).toHaveLength(300);
});

/** A folder whose journal was left by a process that was killed. */
async function left(disk: Disk) {
  const store = await disk.open();
  const mails = [];
  for (const subject of ['a', 'b', 'c']) mails.push(plain(await store.add(mail(subject))));
  await disk.abandon();
  return mails;
}

test('mail that was being written when the process ended is not there; earlier mail is', async () => {
  await using disk = new Disk();
  const [a, b] = await left(disk);
  truncateSync(pathOfJournal(disk), readFileSync(pathOfJournal(disk)).length - 10);
  expect(await all(await disk.open())).toEqual([a, b]);
  expect(disk.names('aside')).toEqual([]);
  expect(disk.logged).toEqual([]);
});

test('a damaged journal is set aside with a log line, after its readable mails were filed', async () => {
  await using disk = new Disk();
  const [a, , c] = await left(disk);
  const path = pathOfJournal(disk);
  const [name = ''] = journalsOf(disk);
  writeFileSync(path, readFileSync(path, 'latin1').replace('body of b', 'BODY of b'), 'latin1');
  expect(await all(await disk.open())).toEqual([a, c]);
  expect(disk.names('aside')).toEqual([name]);
  expect(disk.logged).toMatchObject([
    {
      event: 'file set aside',
      fields: { reason: expect.stringMatching(/^the mail at octet \d+ is damaged$/) },
    },
  ]);
});

test('a journal without any mail is set aside', async () => {
  await using disk = new Disk();
  await (await disk.open()).stats();
  await disk.close();
  writeFileSync(disk.path('mail', 'somebody-elses.journal'), 'Dear diary');
  expect(await all(await disk.open())).toEqual([]);
  expect(disk.names('aside')).toEqual(['somebody-elses.journal']);
  expect(readdirSync(disk.path('mail'))).toEqual([]);
});
