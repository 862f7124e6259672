import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Marks } from '../../server/pop3/session/marks.ts';

test('marks are a set of numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5000 })), fc.integer({ min: 1, max: 5000 }), (numbers, other) => {
      const marks = numbers.reduce((some, number) => some.with(number), Marks.none);
      const set = new Set(numbers);
      expect(marks.size).toBe(set.size);
      expect(numbers.every((number) => marks.has(number))).toBe(true);
      expect(marks.has(other)).toBe(set.has(other));
    }),
  );
});

test('adding to a set does not change the original', () => {
  const one = Marks.none.with(1);
  const two = one.with(2);
  expect([Marks.none.has(1), one.has(2), two.has(1), two.has(2)]).toEqual([false, false, true, true]);
});
