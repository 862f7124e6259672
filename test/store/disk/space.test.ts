import { expect, test } from 'vitest';
import { FreeSpace } from '../../../server/store/disk/files/space.ts';
import type { DiskSpace } from '../../../server/store/events.ts';

const MIB = 1024 ** 2;
const FLOOR = 64 * MIB;

/** A disk with free space, and a timer, that the test controls. */
function aDisk(free: number | Error) {
  const disk = { free, looks: 0, told: [] as boolean[], waits: 0, tick: () => {} };
  const space = new FreeSpace('/data', FLOOR, async () => {
    disk.looks += 1;
    if (disk.free instanceof Error) throw disk.free;
    return disk.free;
  });
  const changed = ({ low }: DiskSpace) => void disk.told.push(low);
  const watching = space.watch(changed, (delay, run) => {
    disk.waits = delay;
    disk.tick = run;
    return () => {
      disk.tick = () => {};
    };
  });
  return { disk, space, watching };
}

test('with too little free space, mail is rejected, naming the folder, the free space and the floor', async () => {
  const { space, watching } = aDisk(12.3 * MIB);
  await watching;
  await expect(space.claim(10)).rejects.toMatchObject({
    code: 'store-full',
    message: expect.stringMatching(
      /^the disk of \/data has 12\.3 MiB free, and 64\.0 MiB are to be left free \(--min-free-disk\)/,
    ),
  });
  expect(space.state).toEqual({ folder: '/data', free: Math.round(12.3 * MIB * 10) / 10, floor: FLOOR, low: true });
});

test('writes are counted between two checks of the disk; the check decides', async () => {
  const { disk, space, watching } = aDisk(FLOOR + 100);
  await watching;
  for (const claim of [await space.claim(60), await space.claim(60)]) claim[Symbol.dispose]();
  expect(disk.looks).toBe(1);
  // Less was used than assumed.
  const claim = await space.claim(60);
  expect(disk.looks).toBe(2);
  claim[Symbol.dispose]();
  disk.free = FLOOR - 1;
  await space.claim(60);
  await expect(space.claim(1)).rejects.toMatchObject({ code: 'store-full' });
  expect(disk.told).toEqual([true]);
});

test('mail is accepted as soon as there is room, which is reported once each time', async () => {
  const { disk, space, watching } = aDisk(FLOOR);
  await watching;
  expect(disk.told).toEqual([]);
  disk.free = 0;
  disk.tick();
  await expect.poll(() => disk.told).toEqual([true]);
  await Promise.allSettled([space.claim(1), space.claim(1)]);
  expect(disk.told).toEqual([true]);
  disk.free = FLOOR;
  await space.claim(1);
  expect(disk.told).toEqual([true, false]);
  expect(space.refusal).toBeNull();
});

test('it checks the disk more often while there is no room, and by itself', async () => {
  const { disk, watching } = aDisk(FLOOR);
  await watching;
  expect(disk.waits).toBe(5000);
  disk.free = 0;
  disk.tick();
  await expect.poll(() => disk.waits).toBe(1000);
  disk.free = FLOOR;
  disk.tick();
  await expect.poll(() => disk.waits).toBe(5000);
  expect(disk.told).toEqual([true, false]);
});

test('if the free space is unknown, nothing is rejected', async () => {
  const { space, watching } = aDisk(new Error('no such folder'));
  await watching;
  await space.claim(1e12);
  expect(space.state).toMatchObject({ free: null, low: false });
});

test('callers that wait for the same check get no more room than there is', async () => {
  const { space, watching } = aDisk(FLOOR + 100);
  await watching;
  await space.claim(101);
  // Claimed space is not free, whether written yet or not.
  expect(await Promise.allSettled([space.claim(1), space.claim(1)])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
});

test('released space can be claimed again, but only once', async () => {
  const { space, watching } = aDisk(FLOOR + 100);
  await watching;
  const first = await space.claim(101);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  const claims = await Promise.allSettled(Array.from({ length: 5 }, () => space.claim(60)));
  expect(claims.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected']);
});
