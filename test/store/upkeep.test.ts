import { expect, test } from 'vitest';
import { startUpkeep } from '../../server/store/upkeep.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aStore } from './a-store.ts';
import { farStore } from './far-store.ts';
import { followed } from './followed.ts';

const HOUR = 3_600_000;
const now = () => new Date('2026-01-02T03:04:05Z');
const report = (error: unknown) => expect.fail(String(error));
/** Nothing is tried a second time. */
const after = () => () => {};

test('of the processes that share a store, one parses each mail, and all expire what is old', async () => {
  const { store, contents } = aStore();
  const far = farStore(store);
  const old = await store.add(anIncoming({ receivedAt: new Date(now().getTime() - HOUR) }));
  using _here = await startUpkeep(store, { age: HOUR, now, report, after });
  using _there = await startUpkeep(far, { age: HOUR, now, report, after });
  expect(await far.get(old.id)).toBeNull();
  using told = await followed(far);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await store.add(anIncoming({ receivedAt: now() }))).id);
  await expect.poll(async () => (await told.events()).filter(({ type }) => type === 'updated')).toHaveLength(5);
  expect(contents.parsed.toSorted()).toEqual(ids);
});
