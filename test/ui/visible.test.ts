import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unknown } from '../../ui/src/inbox/inbox.ts';
import { visible } from '../../ui/src/inbox/visible.ts';
import { summary } from './samples.ts';

test('without the hidden rows, the list is the others in order', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.array(fc.nat(40)), (count, hiddenAt) => {
      const ids = Array.from({ length: count }, (_, index) => `mail-${index}`);
      const rows = ids.map((id, index) => [count - 1 - index, summary(id, count - index)] as const);
      const slots = new Map(rows.map(([slot, { id }]) => [id, slot]));
      const inbox = { ...unknown, matched: count, rows: new Map(rows), slots };
      const hidden = new Set(hiddenAt.map((index) => `mail-${index}`));

      const shown = visible(inbox, hidden);
      const expected = ids.filter((id) => !hidden.has(id));
      expect(shown.count).toBe(expected.length);
      expect(expected.map((_, index) => shown.at(index)?.id)).toEqual(expected);
      expect(expected.map((id) => shown.indexOf(id))).toEqual(expected.map((_, index) => index));
      expect(expected.map((_, index) => shown.indexOfKey(shown.keyAt(index)))).toEqual(
        expected.map((_, index) => index),
      );
      for (const id of hidden) expect(shown.indexOf(id)).toBeNull();
    }),
  );
});

test('a row that is not loaded is identified by its slot', () => {
  const before = visible({ ...unknown, matched: 10 }, new Set());
  const after = visible({ ...unknown, matched: 13 }, new Set());
  expect(after.indexOfKey(before.keyAt(4))).toBe(7);
});

test('hidden rows are not counted', () => {
  const inbox = {
    ...unknown,
    counts: { total: 2, unread: 1, bytes: 0, evicted: 0 },
    matched: 2,
    rows: new Map([
      [0, summary('mail-a', 1)],
      [1, summary('mail-b', 2, { read: true })],
    ]),
    slots: new Map([
      ['mail-a', 0],
      ['mail-b', 1],
    ]),
  };
  expect(visible(inbox, new Set(['mail-a'])).counts).toMatchObject({ total: 1, unread: 0 });
  expect(visible(inbox, new Set(['mail-b'])).counts).toMatchObject({ total: 1, unread: 1 });
});
