import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Disk } from './store/disk/a-disk.ts';
import { CLI, flagsFor } from './store/disk/a-server.ts';

/** A shell that may open this many files becomes Node. */
const limited = (most: number, ...args: readonly string[]) =>
  ['-c', 'ulimit -n "$0" && exec "$@"', String(most), process.execPath, ...args] as const;

/** Whether Node itself can start. If not, there can't be an error message either. */
function nodeStarts(most: number, disk: Disk): boolean {
  const nothing = disk.path('nothing.mjs');
  writeFileSync(nothing, "await import('node:fs');");
  return spawnSync('sh', limited(most, nothing), { stdio: 'ignore' }).status === 0;
}

const limits = [20, 21, 22, 23, 24, 26, 28, 30, 32, 40, 48, 64, 80, 96, 112, 128, 160, 256];

test.for(limits)(
  'with %i descriptors, it starts, or says that they are too few and exits with 3',
  async (most, { skip }) => {
    await using disk = new Disk();
    if (!nodeStarts(most, disk)) skip('Node itself does not start');
    const child = spawn('sh', limited(most, CLI, ...flagsFor(disk.folder)), { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const listens = once(child.stdout, 'data');
    const starts = await Promise.race([listens.then(() => true), ended.then(() => false)]);
    if (starts) child.kill('SIGTERM');
    const [code] = await ended;
    if (starts) expect([code, said]).toEqual([0, '']);
    else {
      expect(said).toMatch(/^mailstop: [^\n]+\n$/);
      expect(said).toContain(`The limit is ${most}: raise it`);
      expect(code).toBe(3);
    }
    expect(existsSync(disk.path('lock'))).toBe(false);
  },
);
