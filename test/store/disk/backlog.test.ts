import { expect, test } from 'vitest';
import { Backlog } from '../../../server/store/disk/journal/backlog.ts';
import { mail } from './a-disk.ts';

const filed = (octets: number) => ({ id: 'a', seq: 1, incoming: mail('', { raw: Buffer.alloc(octets) }) });
const plenty = Number.POSITIVE_INFINITY;

test('the octets of the mails that wait are counted', () => {
  const backlog = new Backlog({ octets: 10_000, room: plenty });
  backlog.add(filed(6000));
  backlog.add(filed(4000));
  expect(backlog.exceeds(1)).toBe(false);
  expect(backlog.exceeds(3 / 4)).toBe(true);
  backlog.add(filed(1));
  expect(backlog.exceeds(1)).toBe(true);
  backlog.remove(filed(4000));
  expect(backlog.exceeds(3 / 4)).toBe(false);
});

test('many tiny mails reach the limit long before their octets do, since each file takes a block', () => {
  const backlog = new Backlog({ octets: plenty, room: 1024 * 1024 });
  for (let n = 0; n < 205; n++) backlog.add(filed(100));
  expect(backlog.exceeds(1)).toBe(false);
  for (let n = 0; n < 10; n++) backlog.add(filed(100));
  expect(backlog.exceeds(1)).toBe(true);
  backlog.clear();
  expect(backlog.exceeds(0)).toBe(false);
});
