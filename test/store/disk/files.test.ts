import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { type Files, nodeFiles, oneByOne } from '../../../server/store/disk/files/files.ts';
import { canSyncAll, inAThread } from '../../../server/store/disk/files/writer-thread.ts';
import { Disk } from './a-disk.ts';
import { systemError } from './faulty-files.ts';

const three = new Map([
  ['a.eml', Buffer.from('one\r\n')],
  ['b.eml', Buffer.alloc(0)],
  ['c.eml', Buffer.alloc(300_000, 'c')],
]);

const ways: readonly (readonly [string, Files])[] = [
  ['one by one', oneByOne(nodeFiles)],
  ['in a thread', inAThread(nodeFiles, oneByOne(nodeFiles))],
];

describe.each(ways)('many files, %s', (_, files) => {
  test('are created in a folder, readable only by the user, and moved to another', async () => {
    await using disk = new Disk();
    const [from, to] = [disk.path('from'), disk.path('to')];
    for (const folder of [from, to]) mkdirSync(folder);
    await files.createAll(from, three);
    for (const [name, octets] of three) {
      expect(readFileSync(join(from, name))).toEqual(octets);
      expect(statSync(join(from, name)).mode & 0o777).toBe(0o600);
    }
    await files.renameAll([...three.keys()], from, to);
    expect(readdirSync(from)).toEqual([]);
    expect(readdirSync(to)).toEqual([...three.keys()]);
  });

  test('at the same time do not get in each other’s way', async () => {
    await using disk = new Disk();
    const folders = ['a', 'b', 'c'].map((name) => disk.path(name));
    for (const folder of folders) mkdirSync(folder);
    await Promise.all(folders.map((folder) => files.createAll(folder, three)));
    for (const folder of folders) expect(readdirSync(folder)).toEqual([...three.keys()]);
  });

  test('fail with the code of the system, and nothing is written over', async () => {
    await using disk = new Disk();
    await expect(files.createAll(disk.path('nowhere'), three)).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(disk.path('b.eml'), 'of somebody else');
    await expect(files.createAll(disk.folder, three)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(disk.path('b.eml'), 'utf8')).toBe('of somebody else');
    await expect(files.renameAll(['none'], disk.folder, disk.folder)).rejects.toMatchObject({ code: 'ENOENT' });
    // It continues to work.
    await files.createAll(disk.folder, new Map([['d.eml', Buffer.from('d')]]));
  });
});

test.each([
  ['has no program that syncs', null],
  ['has one that fails', 'exit 1'],
  ['has one that never ends', 'exec sleep 1000'],
])('on a system that %s, each file is synced separately', async (_, script) => {
  await using disk = new Disk();
  if (script !== null) writeFileSync(disk.path('sync'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { PATH } = process.env;
  // Reload the module, since it remembers a failed sync for a while.
  vi.resetModules();
  const { writeAll } = await import('../../../server/store/disk/files/bulk.ts');
  try {
    process.env['PATH'] = script === null ? disk.folder : `${disk.folder}:${PATH}`;
    const octets = Buffer.from('onetwo');
    writeAll({ does: 'write', folder: disk.folder, names: ['a', 'b'], octets, lengths: [3, 3] }, 100);
  } finally {
    process.env['PATH'] = PATH;
  }
  expect(readFileSync(disk.path('b'), 'utf8')).toBe('two');
});

test('without a thread, files are written one by one', async () => {
  await using disk = new Disk();
  // Node fails before it creates the thread, like when the system can't create one.
  vi.resetModules();
  vi.doMock('node:worker_threads', () => ({
    Worker: class {
      constructor() {
        throw systemError('EAGAIN');
      }
    },
  }));
  try {
    const { inAThread } = await import('../../../server/store/disk/files/writer-thread.ts');
    const files = inAThread(nodeFiles, oneByOne(nodeFiles));
    await files.createAll(disk.folder, three);
    for (const [name, octets] of three) expect(readFileSync(disk.path(name))).toEqual(octets);
  } finally {
    vi.doUnmock('node:worker_threads');
  }
});

test('a thread that dies between two tasks is replaced', async () => {
  await using disk = new Disk();
  const started: Worker[] = [];
  vi.resetModules();
  vi.doMock('node:worker_threads', () => ({
    Worker: class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        started.push(this);
      }
    },
  }));
  try {
    const { inAThread } = await import('../../../server/store/disk/files/writer-thread.ts');
    const files = inAThread(nodeFiles, oneByOne(nodeFiles));
    await files.createAll(disk.folder, new Map([['a', Buffer.from('a')]]));
    await started[0]?.terminate();
    await files.createAll(disk.folder, new Map([['b', Buffer.from('b')]]));
    expect(started).toHaveLength(2);
    expect(readFileSync(disk.path('b'), 'utf8')).toBe('b');
  } finally {
    vi.doUnmock('node:worker_threads');
  }
}, 20_000);

test.each([
  ['linux', '6.1.0-28-amd64', true],
  ['linux', '5.8.0', true],
  ['linux', '5.4.0-1', false],
  ['linux', '4.19.0', false],
  ['darwin', '23.1.0', false],
  ['win32', '10.0.22631', false],
] as const)('a whole file system is synced where errors are told: %s %s: %s', (platform, version, can) => {
  expect(canSyncAll(platform, version)).toBe(can);
});
