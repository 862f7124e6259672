import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { Store } from '../../../server/store/store.ts';
import { all, Disk, mail } from './a-disk.ts';

async function filled(disk: Disk, ...subjects: string[]): Promise<readonly string[]> {
  // Each with a record file of its own.
  const store = await disk.open({ journalOctets: 0 });
  for (const subject of subjects) await store.add(mail(subject));
  const ids = (await all(store)).map(({ id }) => id);
  await disk.close();
  return ids;
}

const subjects = async (store: Store) => (await all(store)).map(({ subject }) => subject);

test('truncated, empty and overlong mails are set aside, each with a log line; the others are there', async () => {
  await using disk = new Disk();
  const [a = '', b = '', c = '', d = ''] = await filled(disk, 'a', 'b', 'c', 'd');
  truncateSync(disk.path('mail', `${a}.eml`), 5);
  truncateSync(disk.path('mail', `${b}.eml`), 0);
  appendFileSync(disk.path('mail', `${c}.eml`), 'more');
  const store = await disk.open();
  expect((await all(store)).map(({ id }) => id)).toEqual([d]);
  expect(disk.names('aside')).toEqual([a, b, c].map((id) => `${id}.eml`).sort());
  const octets = mail('a').raw.length;
  expect(disk.logged.map(({ event, fields }) => [event, (fields as { reason: string }).reason]).sort()).toEqual([
    ['file set aside', `it has 0 of ${octets} octets`],
    ['file set aside', `it has ${octets + 4} of ${octets} octets`],
    ['file set aside', `it has 5 of ${octets} octets`],
  ]);
  // A client of the events must notice that mail is gone.
  expect((await store.stats()).seq).toBe(5);
});

test('files that are not our mail are set aside under their own name, and never followed or overwritten', async () => {
  await using disk = new Disk();
  await filled(disk, 'a');
  const secret = disk.path('secret');
  writeFileSync(secret, 'keep out');
  const put = () => {
    writeFileSync(disk.path('mail', 'notes.txt'), 'notes');
    writeFileSync(disk.path('mail', 'somebody-elses.eml'), 'Subject: x\r\n\r\n');
    writeFileSync(disk.path('mail', '..eml'), '');
    writeFileSync(disk.path('mail', 'no-records.jsonl'), 'not JSON\n{"id":"half-a-rec');
    writeFileSync(disk.path('mail', 'empty-records.jsonl'), '');
  };
  put();
  symlinkSync(secret, disk.path('mail', 'abcdefgh.eml'));
  mkdirSync(disk.path('mail', 'folder.eml'));
  expect(await subjects(await disk.open())).toEqual(['a']);
  await disk.close();
  put();
  expect(await subjects(await disk.open())).toEqual(['a']);
  expect(disk.names('aside')).toEqual(
    [
      '..eml',
      '..eml.2',
      'abcdefgh.eml',
      'empty-records.jsonl',
      'empty-records.jsonl.2',
      'folder.eml',
      'no-records.jsonl',
      'no-records.jsonl.2',
      'notes.txt',
      'notes.txt.2',
      'somebody-elses.eml',
      'somebody-elses.eml.2',
    ].sort(),
  );
  expect(readFileSync(secret, 'utf8')).toBe('keep out');
  expect(disk.names('mail')).toHaveLength(2);
});

test('damaged records only affect their own mails', async () => {
  await using disk = new Disk();
  const [a = '', b = ''] = await filled(disk, 'a', 'b');
  truncateSync(disk.path('mail', `${a}.jsonl`), 20);
  expect((await all(await disk.open())).map(({ id }) => id)).toEqual([b]);
  expect(disk.names('aside')).toEqual([`${a}.eml`, `${a}.jsonl`]);
});

test.each([
  ['', 'it is not JSON'],
  ['{"version":1,"seq":', 'it is not JSON'],
  ['{"version":1}', /^it is not the state of a Mailstop: seq: [^\n]+$/],
  ['[]', /^it is not the state of a Mailstop: [^\n]+$/],
  ['\0\0\0\0', 'it is not JSON'],
])(
  'a damaged state (%j) is set aside with a log line; mail is there, unread, and numbers go on',
  async (damaged, reason) => {
    await using disk = new Disk();
    const before = await disk.open();
    const { id, seq } = await before.add(mail('a'));
    await before.update([id], { read: true });
    await disk.close();
    writeFileSync(disk.path('state.json'), damaged);
    const after = await disk.open();
    expect(await all(after)).toMatchObject([{ id, seq, read: false }]);
    expect((await after.add(mail('b'))).seq).toBeGreaterThan(seq);
    expect(disk.logged).toMatchObject([
      { event: 'state set aside', fields: { reason: expect.stringMatching(reason) } },
    ]);
    expect(disk.names('aside')).toEqual([expect.stringMatching(/^state-\d+\.json$/)]);
  },
);

test('other files in the folder itself are not touched', async () => {
  await using disk = new Disk();
  writeFileSync(disk.path('README'), 'mine');
  mkdirSync(disk.path('lost+found'));
  await filled(disk, 'a');
  await filled(disk, 'b');
  expect(readFileSync(disk.path('README'), 'utf8')).toBe('mine');
  expect(existsSync(disk.path('lost+found'))).toBe(true);
});

test('a folder in use is refused, and the process that uses it is named', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  await expect(disk.open()).rejects.toMatchObject({
    code: 'cannot-open-data',
    message: expect.stringMatching(new RegExp(`in use by process ${process.pid} on `)),
  });
  await store.add(mail('still mine'));
  await disk.close();
  expect(await subjects(await disk.open())).toEqual(['still mine']);
});

test('an empty lock is not attributed to a process', async () => {
  await using disk = new Disk();
  await filled(disk, 'a');
  writeFileSync(disk.path('lock'), '');
  await expect(disk.open()).rejects.toMatchObject({
    code: 'cannot-open-data',
    message: expect.stringMatching(/lock has just been written, and does not say by which process: try again in 10 s/),
  });
});

test.each([
  ['a process that has ended', { pid: 2 ** 22 + 1, host: hostname(), started: null }],
  ['this process number, of an earlier process', { pid: process.pid, host: hostname(), started: 'long ago' }],
])('a lock of %s is taken over', { skip: process.platform !== 'linux' }, async (_, owner) => {
  await using disk = new Disk();
  await filled(disk, 'a');
  writeFileSync(disk.path('lock'), JSON.stringify(owner));
  expect(await subjects(await disk.open())).toEqual(['a']);
  expect(JSON.parse(readFileSync(disk.path('lock'), 'utf8'))).toMatchObject({ pid: process.pid });
});

test('of many processes that take over a dead one, one gets the folder', {
  skip: process.platform !== 'linux',
}, async () => {
  await using disk = new Disk();
  await filled(disk, 'a');
  writeFileSync(disk.path('lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: null }));
  const opened = await Promise.allSettled(Array.from({ length: 10 }, () => disk.open()));
  expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of opened) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'cannot-open-data' });
  }
});

test.each([
  ['another host', JSON.stringify({ pid: 1, host: 'another-container', started: null })],
  ['nobody knows whom, being written perhaps', ''],
])('a lock of %s is valid while it shows signs of life', async (_, text) => {
  await using disk = new Disk();
  await filled(disk, 'a');
  writeFileSync(disk.path('lock'), text);
  await expect(disk.open()).rejects.toMatchObject({ code: 'cannot-open-data' });
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(disk.path('lock'), aMinuteAgo, aMinuteAgo);
  expect(await subjects(await disk.open())).toEqual(['a']);
});

test('leftovers of a crash are removed', async () => {
  await using disk = new Disk();
  await filled(disk, 'a');
  writeFileSync(disk.path('incoming', 'half-a-mail.eml'), 'Subj');
  mkdirSync(disk.path('cleared-1-1'));
  writeFileSync(disk.path('cleared-1-1', 'old.eml'), 'old');
  writeFileSync(
    disk.path('mail', 'uncommitted.jsonl'),
    readFileSync(disk.path('mail', disk.names('mail').find((name) => name.endsWith('.jsonl')) ?? ''))
      .toString()
      .replace(/"id":"[^"]+"/, '"id":"uncommitted"'),
  );
  expect(await subjects(await disk.open())).toEqual(['a']);
  expect(disk.names('incoming')).toEqual([]);
  expect(disk.names('aside')).toEqual([]);
  expect(disk.names('mail')).toHaveLength(2);
  await disk.deleted();
  expect(existsSync(disk.path('cleared-1-1'))).toBe(false);
});
