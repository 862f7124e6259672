import { afterAll, beforeAll, expect } from 'vitest';
import { WorstClient } from './client.ts';
import { LONGEST, ProbedServer } from './probed-server.ts';

/** What the tests of one file have: a server that is measured, and who asks it. */
export interface Measured {
  readonly server: ProbedServer;
  readonly client: WorstClient;
  /** @param after puts things in order again, before the work is measured once more; it is not measured */
  expectShort(name: string, work: () => Promise<unknown>, after?: () => Promise<unknown>): Promise<void>;
}

/** Starts a server for the tests of this file. `WORST=1` prints how long each input held its main thread. */
export function measured(): Measured {
  let server: ProbedServer;
  let client: WorstClient;
  const table: [held: number, name: string][] = [];

  beforeAll(async () => {
    server = await ProbedServer.start('--max-bytes', '1GiB');
    client = new WorstClient(server.url);
    await client.warmUp();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    table.sort((a, b) => b[0] - a[0]);
    if (process.env['WORST']) for (const [held, name] of table) console.log(held.toFixed(1).padStart(8), name);
  });

  return {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
    async expectShort(name, work, after) {
      const held = await server.leastHeldBy(work, after);
      table.push([held, name]);
      expect(held, `${name} held the main thread for ${held.toFixed(0)} ms of CPU time`).toBeLessThanOrEqual(LONGEST);
    },
  };
}
