import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { silent } from '../../server/log.ts';
import type { Incoming } from '../../server/message/message.ts';
import { nodeFiles } from '../../server/store/disk/files/files.ts';
import { openArchive } from '../../server/store/disk/start/open.ts';
import { idMaker } from '../../server/store/ids.ts';
import { greeted } from './child.ts';
import { type Figure, median } from './figure.ts';
import { getJson } from './http-client.ts';
import { mails } from './mails.ts';
import { startMailstop } from './subjects.ts';

const TRIES = 3;

/** How many mails share a file of records, as with this many concurrent senders. */
const GROUP = 8;

/** From the start of the process until its greeting, and until it has read all mails in its folder. */
export async function measureStartOnDisk(count: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-bench-'));
  try {
    await writeMails(folder, count);
    // The first one reads the files from disk; later ones find them in the cache.
    const tries: Times[] = [];
    for (let time = 0; time < TRIES + 1; time++) tries.push(await timed(folder, count));
    const measured = tries.slice(1);
    const figure = (what: string, value: number, limit: number): Figure => ({
      name: `start with ${count.toLocaleString('en')} mails on disk, until ${what}`,
      unit: 'ms',
      value,
      against: null,
      expected: { at: 'most', limit },
    });
    return [
      figure('the first greeting', median(measured.map(({ greeting }) => greeting)), 10_000),
      figure('all are listed', median(measured.map(({ all }) => all)), 10_000),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Times {
  readonly greeting: number;
  readonly all: number;
}

const server = z.object({ counts: z.object({ total: z.number() }) });

async function timed(folder: string, count: number): Promise<Times> {
  const start = performance.now();
  await using child = await startMailstop('--data', folder, '--max-messages', `${count}`, '--max-bytes', '2g');
  await greeted(child, child.ports.smtp);
  const greeting = performance.now() - start;
  const api = `http://127.0.0.1:${child.ports.http}/api/server`;
  while ((await getJson(api, server)).counts.total < count) await sleep(10);
  return { greeting, all: performance.now() - start };
}

/** Writes mails like a server, but without syncs: these need not survive a loss of power. */
async function writeMails(folder: string, count: number): Promise<void> {
  console.error(`writing ${count.toLocaleString('en')} mails into a folder`);
  const unsynced = {
    ...nodeFiles,
    create: async (path: string) => ({ ...(await nodeFiles.create(path)), sync: async () => {} }),
    syncFolder: async () => {},
  };
  const { archive } = await openArchive(folder, { log: silent, files: unsynced, journal: { octets: 0, room: 0 } });
  await using _ = archive;
  const newId = idMaker(() => new Date(), randomBytes);
  for (let seq = 1; seq <= count; seq += GROUP) {
    const length = Math.min(GROUP, count - seq + 1);
    const group = Array.from({ length }, (_, n) => ({ id: newId(), seq: seq + n, incoming }));
    await Promise.all(group.map(({ id }) => archive.write(id, incoming)));
    await archive.commit(group);
    archive.reached(seq + length - 1);
  }
}

const incoming: Incoming = {
  // Without the final dot of the wire.
  raw: mails.small.body.subarray(0, -3),
  envelope: {
    from: { address: 'app@example.org', parameters: {} },
    to: [{ address: 'ada@example.org', parameters: {} }],
  },
  peer: { address: '127.0.0.1', port: 50_000, helo: 'bench.example.org', protocol: 'ESMTP', tls: null, username: null },
  receivedAt: new Date('2026-10-05T12:02:07Z'),
  warnings: [],
};
