import { startSandbox } from '../../server/index.ts';
import { type Figure, median } from './figure.ts';

/** Starting and stopping a sandbox in this process, with all modules loaded. */
export async function measureSandbox(times: number): Promise<Figure[]> {
  await startAndStop();
  const values: number[] = [];
  for (let time = 0; time < times; time++) values.push(await startAndStop());
  const expected = { at: 'most', limit: 5 } as const;
  return [{ name: 'start and stop of a sandbox', unit: 'ms', value: median(values), against: null, expected }];
}

async function startAndStop(): Promise<number> {
  const before = performance.now();
  const sandbox = await startSandbox();
  await sandbox.close();
  return performance.now() - before;
}
