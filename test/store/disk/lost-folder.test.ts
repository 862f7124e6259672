import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { start } from '../../../server/app/start.ts';
import { defaults } from '../../../server/config/config.ts';
import { needs } from '../../needs.ts';
import { TestLog } from '../../net/a-log.ts';
import { play } from '../../net/play.ts';
import { TO_DATA } from '../../smtp/sandbox.ts';
import { Disk } from './a-disk.ts';

/** A Mailstop on a folder, with helpers for its users' requests. */
async function aMailstop(data: string) {
  const log = new TestLog();
  const config = { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0, data };
  const running = await start(config, { log, version: '0.0.0' });
  const url = `http://127.0.0.1:${running.about.http.port}`;
  const put = async (body: string | undefined) =>
    fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: body ?? 'Subject: x\r\n\r\n',
    });
  return {
    log,
    url,
    put,
    ready: async () => {
      const { status } = await fetch(`${url}/readyz`);
      return status;
    },
    /** Sends over SMTP and expects this reply. */
    sends: (reply: string) => play(running.about.smtp.port, `${TO_DATA}\nC: .\nS: ${reply}`),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

const large = `Subject: large\r\n\r\n${'x'.repeat(100_000)}\r\n`;

/** Mail is rejected with these words, which is logged once, and accepted as soon as `back` is done. */
async function refusesUntil(mailstop: Awaited<ReturnType<typeof aMailstop>>, words: RegExp, back: () => void) {
  const { log, url, put, ready, sends } = mailstop;
  for (let n = 0; n < 3; n++) await sends('451 4.3.0 Not stored: *');
  for (const body of [undefined, large]) {
    const answer = await put(body);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'data-unwritable', detail: expect.stringMatching(words) });
  }
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    ready: false,
    disk: expect.stringMatching(words),
  });
  expect(log.of('smtp not stored')).toHaveLength(1);
  expect(log.of('failed')).toEqual([]);
  back();
  expect(await ready()).toBe(200);
  await sends('250 *');
  for (const body of [undefined, large]) expect((await put(body)).status).toBe(201);
  expect(await ready()).toBe(200);
}

test('a deleted folder: not ready, mail rejected with the reason, and accepted when there is a new folder', async () => {
  await using disk = new Disk();
  await using mailstop = await aMailstop(disk.folder);
  expect(await mailstop.ready()).toBe(200);
  const { id } = (await (await mailstop.put(undefined)).json()) as { id: string };
  const marked = () =>
    fetch(`${mailstop.url}/api/messages/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tags: ['marked'] }),
    });
  rmSync(disk.folder, { recursive: true });
  await refusesUntil(mailstop, /is missing/, () => mkdirSync(disk.folder));
  expect(disk.names('aside')).toEqual([]);
  expect((await marked()).status).toBe(200);
  // A second one is kept out of the new folder, too.
  await expect(disk.open()).rejects.toThrow('in use by process');
});

test('an emptied folder accepts mail at once', async () => {
  await using disk = new Disk();
  await using mailstop = await aMailstop(disk.folder);
  for (let round = 0; round < 2; round++) {
    expect((await mailstop.put(undefined)).status).toBe(201);
    for (const name of ['mail', 'incoming', 'aside', 'lock', 'state.json'])
      rmSync(disk.path(name), { recursive: true, force: true });
    expect(await mailstop.ready()).toBe(200);
    // Concurrent mails that find it empty have it repaired once.
    const bodies = [large, undefined, large, undefined];
    for (const answer of await Promise.all(bodies.map((body) => mailstop.put(body)))) expect(answer.status).toBe(201);
  }
});

test('a folder replaced by a file', async () => {
  await using disk = new Disk();
  await using mailstop = await aMailstop(disk.folder);
  const elsewhere = `${disk.folder}-elsewhere`;
  renameSync(disk.folder, elsewhere);
  writeFileSync(disk.folder, 'a file');
  await refusesUntil(mailstop, /is not a folder/, () => {
    rmSync(disk.folder);
    renameSync(elsewhere, disk.folder);
  });
});

needs('mount', 'umount')('a disk that becomes read-only', async ({ skip }) => {
  await using disk = new Disk();
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });
  try {
    mount('-t', 'tmpfs', '-o', 'size=128m', 'mailstop', disk.folder);
  } catch {
    skip('no file system may be mounted here');
  }
  try {
    await using mailstop = await aMailstop(disk.folder);
    expect((await mailstop.put(undefined)).status).toBe(201);
    // Files that are open for writing would keep it from that.
    await expect
      .poll(() => {
        try {
          mount('-o', 'remount,ro', disk.folder);
          return true;
        } catch {
          return false;
        }
      })
      .toBe(true);
    await refusesUntil(mailstop, /read-only/, () => mount('-o', 'remount,rw', disk.folder));
  } finally {
    execFileSync('umount', ['-l', disk.folder]);
  }
});
