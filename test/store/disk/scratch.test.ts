import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { silent } from '../../../server/log.ts';
import { FreeSpace } from '../../../server/store/disk/files/space.ts';
import { DiskScratch } from '../../../server/store/disk/scratch.ts';
import { parseQuery } from '../../../wire/query/text.ts';
import { TestLog } from '../../net/a-log.ts';
import { Disk, mail } from './a-disk.ts';

const plain = { space: null, log: silent };

test('texts are read back unchanged, and the folder shows no files of them', async () => {
  await using disk = new Disk();
  await using scratch = new DiskScratch(disk.folder, plain);
  const texts = ['', 'plain', 'ünïcödé 漢字 😀', 'x'.repeat(100_000), '\0\r\n'];
  const kept = await Promise.all(texts.map((text) => scratch.keep(text)));
  expect(await Promise.all(kept.map((one) => one.read()))).toEqual(texts);
  expect(readdirSync(disk.folder)).toEqual([]);
  kept[1]?.release();
  kept[1]?.release();
  expect(await kept[3]?.read()).toBe(texts[3]);
});

test('the space of unused texts is freed', async () => {
  await using disk = new Disk();
  await using scratch = new DiskScratch(disk.folder, plain);
  const open = () => readdirSync('/dev/fd').length;
  const before = open();
  const text = 'x'.repeat(8 * 1024 * 1024);
  const kept = [];
  for (let i = 0; i < 16; i++) kept.push(await scratch.keep(text));
  expect(open()).toBeGreaterThan(before + 2);
  for (const one of kept) one.release();
  await expect.poll(open).toBeLessThanOrEqual(before + 1);
});

test('an unreadable text is null, not another text', async () => {
  await using disk = new Disk();
  const scratch = new DiskScratch(disk.folder, plain);
  const kept = await scratch.keep('text');
  await scratch[Symbol.asyncDispose]();
  expect(await kept.read()).toBeNull();
});

test('if the folder cannot be written, texts are not kept, which is logged once each time', async () => {
  await using disk = new Disk();
  const folder = disk.path('gone');
  rmSync(folder, { recursive: true, force: true });
  const log = new TestLog();
  const scratch = new DiskScratch(folder, { space: null, log });
  for (const text of ['a', 'b']) expect(await (await scratch.keep(text)).read()).toBeNull();
  expect(log.of('search texts not kept')).toEqual([
    { reason: expect.stringContaining('ENOENT'), so: expect.any(String) },
  ]);
  mkdirSync(folder);
  expect(await (await scratch.keep('c')).read()).toBe('c');
  expect(log.of('search texts kept again')).toHaveLength(1);
  await scratch[Symbol.asyncDispose]();
});

test('with too little free space nothing is written, and searches still find the mails', async () => {
  await using disk = new Disk();
  let free = 1000;
  const space = new FreeSpace(disk.folder, 900, async () => free);
  const watching = await space.watch(() => {});
  await using scratch = new DiskScratch(disk.folder, { space, log: silent });
  expect(await (await scratch.keep('x'.repeat(200))).read()).toHaveLength(200);
  free = 800;
  expect(await (await scratch.keep('x')).read()).toBeNull();
  free = 1000;
  expect(await (await scratch.keep('x')).read()).toBe('x');
  watching[Symbol.dispose]();
});

test('searches find texts that do not fit in memory', async () => {
  await using disk = new Disk();
  const store = await disk.open();
  const text = (word: string) => `${'lorem ipsum '.repeat(100_000)}${word}\r\n`;
  const ids = [];
  for (const word of ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta']) {
    const { id } = await store.add(mail('', { raw: `Subject: x\r\n\r\n${text(word)}` }));
    ids.push(id);
    await store.content(id);
  }
  const parsed = disk.contents.parsed.length;
  expect(await store.ids(parseQuery('alpha'))).toEqual(ids.slice(0, 1));
  expect(await store.ids(parseQuery('text:beta'))).toEqual(ids.slice(1, 2));
  expect(await store.ids(parseQuery('text:/et+a/'))).toHaveLength(3);
  expect(await store.ids(parseQuery('ipsum -gamma'))).toHaveLength(6);
  // Without parsing any of them again.
  expect(disk.contents.parsed).toHaveLength(parsed);
  await store.remove(ids.slice(0, 1));
  expect(await store.ids(parseQuery('alpha'))).toEqual([]);
  await store.clear();
  expect(disk.reported).toEqual([]);
});
