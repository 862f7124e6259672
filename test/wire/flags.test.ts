import { expect, test } from 'vitest';
import { FLAG_NAMES, forEachFlag, NO_FLAGS } from '../../wire/flags.ts';
import { FIELDS } from '../../wire/query/fields.ts';
import { printQuery } from '../../wire/query/print.ts';
import { parseQuery } from '../../wire/query/text.ts';
import { read, sources } from '../imports.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aStore } from '../store/a-store.ts';

test.each(FLAG_NAMES)('%s is off for a new mail, and can be set, found and removed', async (flag) => {
  const { store } = aStore();
  const { id } = await store.add(anIncoming());
  const found = (text: string) => store.ids(parseQuery(text));
  const word = FIELDS.is.valueOf({ match: 'flag', flag, value: true });
  expect(NO_FLAGS[flag]).toBe(false);
  expect(await found(`is:${word}`)).toEqual([]);
  expect(await found(`-is:${word}`)).toEqual([id]);
  await store.update([id], { [flag]: true });
  expect((await store.get(id))?.summary).toMatchObject(forEachFlag((one) => one === flag));
  expect(await found(`is:${word}`)).toEqual([id]);
  await store.update([id], { [flag]: false });
  expect(await found(`is:${word}`)).toEqual([]);
});

test.each(FLAG_NAMES)('a query about %s parses as printed', (flag) => {
  for (const value of [true, false]) {
    const printed = printQuery({ match: 'flag', flag, value });
    expect(printQuery(parseQuery(printed))).toBe(printed);
  }
});

test('a new flag needs one line in the table, and its display in the inbox', () => {
  const files = ['wire', 'server', 'client', 'ui/src'].flatMap(sources);
  expect(files.filter((file) => /flagged|toggle-flag/i.test(read(file))).length).toBeLessThanOrEqual(10);
});
