import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { all, Disk, mail } from './a-disk.ts';
import { CLI, flagsFor } from './a-server.ts';

const run = promisify(execFile);

/** A folder with every kind of persistent file, left by a killed process. */
async function aFolder(): Promise<Disk> {
  const disk = new Disk();
  const store = await disk.open();
  const { id } = await store.add(mail('filed'));
  await disk.filed();
  await store.update([id], { pinned: true, tags: ['kept'] });
  await disk.close();
  await (await disk.open()).add(mail('in the journal'));
  await disk.abandon();
  mkdirSync(disk.path('cleared-1'));
  writeFileSync(disk.path('cleared-1', 'old.eml'), 'old');
  writeFileSync(disk.path('incoming', 'half-a-mail.eml'), 'Subj');
  return disk;
}

/** Every file in the folder, with what is in it. */
function contents(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'latin1')]),
  );
}

/** The one file whose name matches. */
function find(disk: Disk, name: RegExp): string {
  const [path = ''] = [...contents(disk.folder).keys()].filter((path) => name.test(path));
  return path;
}

/** Files as a newer Mailstop may have written them. */
const newer: readonly (readonly [what: string, name: RegExp, kind: string, write: (text: string) => string])[] = [
  ['state', /state\.json$/, 'state.json', (text) => JSON.stringify({ ...JSON.parse(text), version: 99 })],
  ['records', /\.jsonl$/, '.jsonl', (text) => text.replace('{"version":1,', '{"version":99,')],
  ['a journal', /\.journal$/, '.journal', (text) => text.replace('{"version":1}\n', '{"version":99,"sum":"sha256"}\n')],
  ['a journal of nothing but its version', /\.journal$/, '.journal', () => '{"version":99}\n'],
  [
    'a record in a journal',
    /\.journal$/,
    '.journal',
    (text) => withRecord(text, (record) => record.replace('"version":1', '"version":99')),
  ],
];

/** Changes the record of the first mail in a journal, with a correct checksum. */
function withRecord(journal: string, change: (record: string) => string): string {
  const [, before = '', recordLength = '', rest = ''] =
    /^(\{.*\}\n)mail [0-9a-f]{8} (\d+) \d+\n(.*)$/s.exec(journal) ?? [];
  const record = change(rest.slice(0, Number(recordLength)));
  const raw = rest.slice(Number(recordLength) + 1, -1);
  return before + frame(record, raw);
}

/** A mail as it is in a journal. */
function frame(record: string, raw: string): string {
  const sum = crc32(raw, crc32(record)).toString(16).padStart(8, '0');
  return `mail ${sum} ${record.length} ${raw.length}\n${record}\n${raw}\n`;
}

test.each(newer)('%s of a newer Mailstop: rejected by name, and nothing is touched', async (_, name, kind, write) => {
  await using disk = await aFolder();
  const path = find(disk, name);
  writeFileSync(path, write(readFileSync(path, 'latin1')), 'latin1');
  const before = contents(disk.folder);
  const refusal = `${path} was written by a newer Mailstop (format 99; this one reads up to 1)`;
  expect(path).toContain(kind);
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(disk.open()).rejects.toMatchObject({
      code: 'cannot-open-data',
      message: expect.stringContaining(refusal),
    });
  expect(contents(disk.folder)).toEqual(before);
});

test('the lock of a newer Mailstop is respected, whether its process lives or not', async () => {
  await using disk = await aFolder();
  writeFileSync(disk.path('lock'), JSON.stringify({ version: 2, owner: 'told in another way' }));
  const before = contents(disk.folder);
  await expect(disk.open()).rejects.toMatchObject({
    code: 'cannot-open-data',
    message: expect.stringContaining(
      `${disk.path('lock')} was written by a newer Mailstop (format 2; this one reads up to 1)`,
    ),
  });
  expect(contents(disk.folder)).toEqual(before);
});

test('the command ends with 3 and the sentence, and leaves the folder as it was', async () => {
  await using disk = await aFolder();
  const state = disk.path('state.json');
  writeFileSync(state, JSON.stringify({ ...JSON.parse(readFileSync(state, 'utf8')), version: 99 }));
  const before = contents(disk.folder);
  await expect(run(process.execPath, [CLI, ...flagsFor(disk.folder)])).rejects.toMatchObject({
    code: 3,
    stderr: `mailstop: ${disk.folder} can't be used for mail: ${state} was written by a newer Mailstop (format 99; this one reads up to 1)\n`,
  });
  expect(contents(disk.folder)).toEqual(before);
});

const ENVELOPE =
  '"receivedAt":"2026-11-24T19:11:51.111Z","envelope":{"from":{"address":"","parameters":{}},"to":[{"address":"ada@x.test","parameters":{}}]},"peer":{"address":"127.0.0.1","port":46100,"helo":null,"protocol":"HTTP","tls":null,"username":null},"warnings":[]}';

/** Files of a Mailstop from before files had versions, killed with two mails in the journal. */
function aFolderWithoutVersions(disk: Disk): void {
  mkdirSync(disk.path('mail'));
  const write = (name: string, text: string) => writeFileSync(disk.path(...name.split('/')), text, 'latin1');
  write('lock', '{"pid":4194305,"host":"vm","started":"6d309fe6-79d4-4c2f-a7fe-c8a41c359731 540344"}');
  write(
    'state.json',
    '{"version":1,"seq":1003,"searches":[],"marks":{"01m87fhea93tph9nm98x8e":{"read":true,"tags":["kept"],"pinned":true}}}',
  );
  write('mail/01m87fhea93tph9nm98x8e.jsonl', `{"id":"01m87fhea93tph9nm98x8e","seq":1,"size":33,${ENVELOPE}\n`);
  write('mail/01m87fhea93tph9nm98x8e.eml', 'Subject: filed\r\n\r\nbody of filed\r\n');
  write(
    'mail/01m87fhfhnfxjkw8eqtypq.journal',
    frame(
      `{"id":"01m87fhfhnfxjkw8eqtypq","seq":4,"size":37,${ENVELOPE}`,
      'Subject: journal\r\n\r\nbody of journal\r\n',
    ) + frame(`{"id":"01m87fhfkmj48e02szf4fn","seq":6,"size":17,${ENVELOPE}`, 'Subject: too\r\n\r\n.'),
  );
}

test('files without versions are read', async () => {
  await using disk = new Disk();
  aFolderWithoutVersions(disk);
  // The host of the lock is another one.
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(disk.path('lock'), aMinuteAgo, aMinuteAgo);
  const store = await disk.open();
  expect(await all(store)).toMatchObject([
    { subject: 'filed', seq: 1, read: true, tags: ['kept'], pinned: true },
    { subject: 'journal', seq: 4, read: false },
    { subject: 'too', seq: 6 },
  ]);
  expect(String(await store.raw('01m87fhfhnfxjkw8eqtypq'))).toBe('Subject: journal\r\n\r\nbody of journal\r\n');
  expect((await store.add(mail('next'))).seq).toBeGreaterThan(1003);
  expect(disk.names('aside')).toEqual([]);
  expect(disk.logged).toEqual([]);
});

test('unknown fields of a later version are kept on a change', async () => {
  await using disk = await aFolder();
  const state = disk.path('state.json');
  const saved = JSON.parse(readFileSync(state, 'utf8'));
  const [id = ''] = Object.keys(saved.marks);
  saved.added = { later: true };
  saved.marks[id].snoozed = '2030-01-01';
  writeFileSync(state, JSON.stringify(saved));
  const journal = find(disk, /\.journal$/);
  const added = (record: string) => record.replace(/\}$/, ',"added":"later"}');
  writeFileSync(journal, withRecord(readFileSync(journal, 'latin1'), added), 'latin1');
  const store = await disk.open();
  await store.update([id], { pinned: false, tags: [] });
  await disk.close();
  expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({
    added: { later: true },
    marks: { [id]: { snoozed: '2030-01-01', pinned: false } },
  });
  const records = disk.names('mail').filter((name) => name.endsWith('.jsonl'));
  expect(records.map((name) => readFileSync(disk.path('mail', name), 'utf8')).join('')).toContain('"added":"later"');
});
