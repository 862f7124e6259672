import { setTimeout as sleep } from 'node:timers/promises';
import { greeted } from './child.ts';
import type { Figure } from './figure.ts';
import { fill } from './load.ts';
import { mails } from './mails.ts';
import { residentMemory } from './memory.ts';
import { parsed } from './stock.ts';
import { startMailstop, startMailstopOnDisk } from './subjects.ts';

/** Threads that have nothing to parse end after ten seconds. */
const SETTLED_MS = 12_000;

/** What the mails may take in memory beside their own octets, in MB and as a factor. */
const IN_MEMORY = { factor: 1.25, megabytes: 120 };
const ON_DISK_MB = 250;

/** Resident memory of a server that holds so many mails of 30 KB, when all of them have been parsed. */
export async function measureHeldMemory(count: number): Promise<Figure[]> {
  const octets = (count * mails.html.body.length) / 1e6;
  const figure = (where: string, value: number, limit: number): Figure => ({
    name: `resident memory with ${count.toLocaleString('en')} mails of 30 KB ${where}`,
    unit: 'MB',
    value,
    against: { name: 'the mails themselves', value: octets, ratio: value / octets },
    // A limit for the megabytes: the ratio says nothing about mail on disk.
    expected: { at: 'most', limit, of: 'value' },
  });
  const limit = Math.round(octets * IN_MEMORY.factor + IN_MEMORY.megabytes);
  // Side by side: it takes as much memory, and half the time.
  const [inMemory, onDisk] = await Promise.all([held(count, startMailstop), held(count, startMailstopOnDisk)]);
  return [figure('in memory', inMemory, limit), figure('on disk', onDisk, ON_DISK_MB)];
}

async function held(count: number, start: typeof startMailstop): Promise<number> {
  await using mailstop = await start();
  await greeted(mailstop, mailstop.ports.smtp);
  await fill(mailstop.ports.smtp, 8, mails.html, count);
  await parsed(mailstop.ports);
  await sleep(SETTLED_MS);
  return residentMemory(mailstop.pid) / 1e6;
}
