import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { patience, rounds } from '../../soak.ts';
import { Disk } from './a-disk.ts';
import { CLI, Server } from './a-server.ts';

const run = promisify(execFile);
const RIVALS = 3;

test('of processes that start at once on the folder of a dead one, one gets it; the others name that one', {
  timeout: patience(180_000),
}, async () => {
  await using disk = new Disk();
  const before = await Server.start(disk.folder);
  await before.end('SIGKILL');
  for (let round = 0; round < rounds(1); round++) {
    const rivals = await Promise.allSettled(Array.from({ length: RIVALS }, () => Server.start(disk.folder)));
    const started = rivals.flatMap((rival) => (rival.status === 'fulfilled' ? [rival.value] : []));
    try {
      expect(started).toHaveLength(1);
      // Later processes get the error, too.
      await expect(
        run(process.execPath, [CLI, '--data', disk.folder, '--smtp-port', '0', '--http-port', '0', '--pop3-port', '0']),
      ).rejects.toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/ in use by process \d+ on /),
      });
    } finally {
      for (const server of started) await server.end('SIGKILL');
    }
  }
});
