import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { Cleared } from '../../../server/store/disk/cleared.ts';
import { all, Disk, mail } from './a-disk.ts';
import { around, asking, type Step, systemError } from './faulty-files.ts';

afterEach(() => void vi.useRealTimers());

const isDeletion = ({ does, path }: Step) => does === 'remove' && path.includes('cleared-');

/** Delays each deletion of a cleared mail until released. */
function holdingUp() {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let begun = () => {};
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const seen = { atOnce: 0, most: 0 };
  const files = around(async (step, work) => {
    if (!isDeletion(step)) return work();
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    begun();
    await held;
    seen.atOnce -= 1;
    return work();
  });
  return { files, letGo, beginning, seen };
}

const cleared = (disk: Disk) => readdirSync(disk.folder).filter((name) => name.startsWith('cleared-'));

test('mail is accepted while cleared mail is being deleted, one file at a time', async () => {
  await using disk = new Disk();
  const { files, letGo, beginning, seen } = holdingUp();
  const store = await disk.open({ files });
  await Promise.all(['a', 'b', 'c', 'd'].map((subject) => store.add(mail(subject))));
  await disk.filed();
  expect(await store.clear()).toBe(4);
  await beginning;
  await store.add(mail('meanwhile'));
  await store.clear();
  await store.add(mail('after another clear'));
  expect(cleared(disk)).toHaveLength(2);
  letGo();
  await disk.deleted();
  expect(cleared(disk)).toEqual([]);
  expect(seen.most).toBe(1);
  expect((await all(store)).map(({ subject }) => subject)).toEqual(['after another clear']);
});

test('what a killed process did not delete is deleted by the next one, which can clear, too', async () => {
  await using disk = new Disk();
  const { files, letGo, beginning } = holdingUp();
  const before = await disk.open({ files });
  await before.add(mail('a'));
  await before.clear();
  await beginning;
  const killed = disk.abandon();
  letGo();
  await killed;
  expect(cleared(disk)).toHaveLength(1);
  const after = await disk.open();
  expect(await all(after)).toEqual([]);
  await after.add(mail('b'));
  await after.clear();
  await disk.deleted();
  expect(cleared(disk)).toEqual([]);
  expect(disk.logged).toEqual([]);
});

test('a stop does not wait long for deletions, and leaves the rest', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using disk = new Disk();
  const folder = disk.path('cleared-x');
  mkdirSync(folder);
  for (const name of ['a.eml', 'b.eml', 'c.eml']) writeFileSync(disk.path('cleared-x', name), name);
  const { files, letGo, beginning } = holdingUp();
  const deleting = new Cleared(files, { info() {}, warn: expect.unreachable, error: expect.unreachable });
  deleting.delete(folder);
  await beginning;
  const stopped = deleting[Symbol.asyncDispose]();
  await vi.advanceTimersByTimeAsync(2000);
  letGo();
  await stopped;
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a folder that could not be restored is restored before mail is accepted again, and nothing is lost', async () => {
  await using disk = new Disk();
  let fails = false;
  const files = asking(({ does, path }) => {
    if (fails && does === 'rename' && path === disk.path('mail')) throw systemError('EIO');
  });
  const store = await disk.open({ files });
  const { id } = await store.add(mail('1'));
  await disk.filed();
  fails = true;
  await expect(store.clear()).rejects.toThrow();
  fails = false;
  expect(existsSync(disk.path('mail'))).toBe(false);
  const second = await store.add(mail('2'));
  await disk.filed();
  expect(disk.mails()).toEqual([id, second.id].sort());
  await disk.abandon();
  expect((await all(await disk.open())).map((one) => one.id)).toEqual([id, second.id]);
});
