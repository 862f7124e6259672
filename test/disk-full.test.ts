import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createApi, type Frame, openFeed } from '../client/index.ts';
import { webSocket } from '../client/node-websocket.ts';
import { start } from '../server/app/start.ts';
import { defaults } from '../server/config/config.ts';
import { silent } from '../server/log.ts';
import { play } from './net/play.ts';
import { TO_DATA } from './smtp/sandbox.ts';

const MIB = 1024 ** 2;

test('with too little free space, mail is rejected over SMTP and REST, readyz, server and feed say so, and it recovers by itself', async () => {
  await using folder = aFolder();
  const data = folder.path;
  let free = 65 * MIB;
  const config = { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0, data };
  await using running = await start(config, { log: silent, version: '0.0.0', freeSpace: async () => free });
  const { smtp, http } = running.about;
  const url = `http://127.0.0.1:${http.port}`;
  const api = createApi(url);
  const frames: Frame[] = [];
  const told = () => frames.flatMap((frame) => (frame.type === 'disk' ? [frame.disk.low] : []));
  const close = openFeed(api.feedUrl(), { frame: (frame) => frames.push(frame) }, { connect: webSocket });
  try {
    await expect.poll(() => frames.length).toBe(1);
    expect((await api.server()).disk).toEqual({ folder: data, free: 65 * MIB, floor: 64 * MIB, low: false });
    await play(smtp.port, `${TO_DATA}\nC: .\nS: 250 *`);
    // The disk had a megabyte above the floor; from now on, it is checked before mail is accepted.
    await api.deliver(`Subject: large\r\n\r\n${'x'.repeat(1.5 * MIB)}`);

    free = 12 * MIB;
    const reason = `the disk of ${data} has 12.0 MiB free, and 64.0 MiB are to be left free (--min-free-disk)`;
    await play(smtp.port, `${TO_DATA}\nC: .\nS: 452 4.3.1 Not stored: ${reason}; *`);
    await expect.poll(told).toEqual([true]);
    await expect(api.deliver('Subject: x\r\n\r\n')).rejects.toMatchObject({ status: 507, code: 'store-full' });
    const readyz = await fetch(`${url}/readyz`);
    expect([readyz.status, await readyz.json()]).toMatchObject([503, { ready: false, disk: reason }]);
    expect((await api.server()).disk).toMatchObject({ free: 12 * MIB, low: true });

    free = 64 * MIB;
    await play(smtp.port, `${TO_DATA}\nC: .\nS: 250 *`);
    await expect.poll(told).toEqual([true, false]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await api.list('')).total).toBe(3);
  } finally {
    close();
  }
});

/** Deleted after the test, once everything that uses it has ended. */
function aFolder(): AsyncDisposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'mailstop-full-'));
  return { path, [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true, force: true }) };
}
