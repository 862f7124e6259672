import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aSandbox } from '../a-sandbox.ts';
import { patience, rounds, seed } from '../soak.ts';
import { Disk } from '../store/disk/a-disk.ts';
import { Server } from '../store/disk/a-server.ts';
import { inMemory, type Operation, onDisk } from './operations.ts';
import { World } from './world.ts';

/** Low, so that mails are often evicted. */
const LIMIT = 7;

/** Ends in time on a busy machine, and while shrinking a failure. */
const chance = { seed, interruptAfterTimeLimit: patience(45_000) };

async function play(world: World, operations: readonly Operation[]): Promise<void> {
  try {
    await world.start();
    for (const operation of operations) {
      await world.do(operation);
      await world.agrees();
    }
    await world.do({ do: 'return to the feed' });
    await world.agrees();
  } finally {
    world.stop();
  }
}

test(`in memory: SMTP, REST, POP3 and the feed agree with a model after any operations; seed ${seed}`, {
  timeout: patience(120_000),
}, async () => {
  await fc.assert(
    fc.asyncProperty(inMemory, async (operations) => {
      await using sandbox = await aSandbox({ maxMessages: LIMIT });
      const { url, smtp, pop3 } = sandbox;
      const doors = { url, smtp: smtp.port, pop3: pop3?.port ?? 0 };
      const restart = async () => expect.fail('mail in memory does not outlast a restart');
      await play(new World({ doors, restart }, LIMIT), operations);
    }),
    { ...chance, numRuns: rounds(4) },
  );
});

test(`on disk: the same over restarts and kill -9; seed ${seed}`, { timeout: patience(120_000) }, async () => {
  await fc.assert(
    fc.asyncProperty(onDisk, async (operations) => {
      await using disk = new Disk();
      const start = () => Server.start(disk.folder, '--max-messages', `${LIMIT}`);
      let server = await start();
      const host = {
        get doors() {
          return server;
        },
        async restart(how: 'stopped' | 'killed') {
          await server.end(how === 'killed' ? 'SIGKILL' : 'SIGTERM');
          server = await start();
        },
      };
      const world = new World(host, LIMIT);
      try {
        await play(world, operations);
        await server.end('SIGTERM');
        expect(disk.mails()).toEqual([...world.ids].sort());
        expect(disk.names('incoming')).toEqual([]);
        expect(disk.names('aside')).toEqual([]);
      } finally {
        await server[Symbol.asyncDispose]();
      }
    }),
    { ...chance, numRuns: rounds(2) },
  );
});
