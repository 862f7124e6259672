import { describe } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { sandboxBehaviour } from './behaviour.ts';

describe('in this process', () => {
  sandboxBehaviour(() => startSandbox({ timeout: 15_000 }));
});
