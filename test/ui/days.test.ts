import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayStarts, HEADING_PX, layOut } from '../../ui/src/inbox/days.ts';
import { unknown } from '../../ui/src/inbox/inbox.ts';
import { visible } from '../../ui/src/inbox/visible.ts';
import { summary } from './samples.ts';

/** A list of these days, newest first; null for a row that isn't loaded. */
function listOf(days: readonly (number | null)[], hidden: readonly string[] = []) {
  const rows = days.flatMap((day, index) => {
    if (day === null) return [];
    const receivedAt = new Date(2026, 5, day, 12).toISOString();
    return [[days.length - 1 - index, summary(`mail-${index}`, 1, { receivedAt })] as const];
  });
  const inbox = {
    ...unknown,
    matched: days.length,
    rows: new Map(rows),
    slots: new Map(rows.map(([slot, { id }]) => [id, slot])),
  };
  return visible(inbox, new Set(hidden));
}

test('a day has its heading above its newest mail', () => {
  expect(dayStarts(listOf([9, 9, 8, 8, 8, 5]))).toEqual([0, 2, 5]);
  expect(dayStarts(listOf([]))).toEqual([]);
});

test('next to rows that are not loaded there is no heading', () => {
  expect(dayStarts(listOf([9, null, 8, 8, 7]))).toEqual([0, 4]);
});

test('a hidden row has no heading', () => {
  expect(dayStarts(listOf([9, 8, 7], ['mail-1']))).toEqual([0, 1]);
  expect(dayStarts(listOf([9, 8, 8], ['mail-0']))).toEqual([0]);
});

test('rows follow without a gap, each heading above its row', () => {
  const { topOf, height } = layOut(4, 60, [0, 2]);
  expect([0, 1, 2, 3].map(topOf)).toEqual([26, 86, 172, 232]);
  expect(height).toBe(292);
});

test('every height belongs to the row there, or to the row below the heading there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(199)), (count, picks) => {
      const starts = [...new Set([0, ...picks])].filter((start) => start < count).sort((a, b) => a - b);
      const { topOf, indexAt, height } = layOut(count, 32, starts);
      for (let index = 0; index < count; index++) {
        expect(indexAt(topOf(index))).toBe(index);
        expect(indexAt(topOf(index) + 31)).toBe(index);
        if (starts.includes(index)) expect(indexAt(topOf(index) - HEADING_PX)).toBe(index);
      }
      expect(topOf(count - 1) + 32).toBe(height);
    }),
  );
});
