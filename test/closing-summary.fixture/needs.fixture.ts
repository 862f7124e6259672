import { test } from 'vitest';
import { needs } from '../needs.ts';

needs('node')('runs where its program is', () => {});
needs('no-such-program')('is left out', () => {});
needs('no-such-program', 'node', 'nor-this')('is left out, too', () => {});
test('is not affected', () => {});
