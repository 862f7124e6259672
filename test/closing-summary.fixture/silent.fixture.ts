import { test } from 'vitest';

test.skipIf(true)('left out without a word', () => {});
test('passes', () => {});
