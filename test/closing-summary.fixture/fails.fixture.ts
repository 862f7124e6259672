import { beforeAll, describe, expect, test } from 'vitest';

test('fails', () => {
  expect(1).toBe(2);
});

describe('a suite whose hook throws', () => {
  beforeAll(() => {
    throw new Error('thrown by the hook');
  });
  test('never starts', () => {});
});
