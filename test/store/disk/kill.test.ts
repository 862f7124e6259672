import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import NodePop3 from 'node-pop3';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { rounds } from '../../soak.ts';
import { Disk } from './a-disk.ts';
import { CLI, flagsFor, Server } from './a-server.ts';

const run = promisify(execFile);

const ROUNDS = rounds(3);
const SENDERS = 8;

/** What the senders know, over all runs of the server. */
class Senders {
  readonly sent = new Set<string>();
  readonly acknowledged = new Map<string, string>();

  /** Sends without a pause over several connections until the server is gone; then resolves. */
  async send(port: number, afterEach: (acknowledged: number) => void): Promise<void> {
    const smtp = createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: SENDERS, maxMessages: 1e9 });
    let acknowledged = 0;
    const sender = async () => {
      for (;;) {
        const number = this.sent.size;
        const raw = `Subject: mail ${number}\r\n\r\n${`${number} `.repeat(randomInt(20_000))}\r\n`;
        this.sent.add(raw);
        const reply = await smtp
          .sendMail({ raw, envelope: { from: 'app@x.test', to: `user-${number % 7}@x.test` } })
          .catch(() => null);
        if (reply === null) return;
        this.acknowledged.set(/queued as (\S+)/.exec(reply.response)?.[1] ?? '', raw);
        acknowledged += 1;
        afterEach(acknowledged);
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    smtp.close();
  }
}

/** All acknowledged mail is there, nothing is incomplete, and all interfaces agree. */
async function agrees(server: Server, disk: Disk, { sent, acknowledged }: Senders): Promise<void> {
  const listed = await server.list();
  expect(listed).toEqual(expect.arrayContaining([...acknowledged.keys()]));
  const pop3 = new NodePop3({ host: '127.0.0.1', port: server.pop3, user: 'all', password: 'any' });
  const [newest = ''] = listed;
  if (newest !== '') expect(sent).toContain((await server.raw(newest)).toString());
  const uidl = (await pop3.UIDL()) as [string, string][];
  await pop3.QUIT();
  expect(uidl.map(([, id]) => id).sort()).toEqual([...listed].sort());
  expect(disk.mails()).toEqual([...listed].sort());
  expect(disk.names('aside')).toEqual([]);
  for (const id of listed) {
    const raw = readFileSync(disk.path('mail', `${id}.eml`), 'utf8');
    expect(sent.has(raw), `mail ${id} was never sent like that`).toBe(true);
    expect(raw).toBe(acknowledged.get(id) ?? raw);
  }
}

test(`killed ${ROUNDS} times under load: what was acknowledged is there, whole`, {
  timeout: 60_000 + ROUNDS * 10_000,
}, async () => {
  await using disk = new Disk();
  const senders = new Senders();
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await Server.start(disk.folder);
    await agrees(server, disk, senders);
    const killAfter = randomInt(1, 80);
    await senders.send(server.smtp, (count) => {
      if (count === killAfter) void server.end('SIGKILL');
    });
  }
  await using server = await Server.start(disk.folder);
  await agrees(server, disk, senders);
  expect(senders.acknowledged.size).toBeGreaterThan(ROUNDS);
});

test('SIGTERM under load: acknowledged mail is there, marks are saved, and the folder is unlocked', async () => {
  await using disk = new Disk();
  const senders = new Senders();
  await using server = await Server.start(disk.folder);
  let ended: Promise<unknown[]> | undefined;
  let marked = '';
  await senders.send(server.smtp, (count) => {
    if (count !== 40) return;
    marked = [...senders.acknowledged.keys()][0] ?? '';
    ended = fetch(`${server.url}/api/messages/${marked}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ read: true, tags: ['kept'] }),
    }).then(() => server.end('SIGTERM'));
  });
  expect(await ended).toEqual([0, null]);

  await using again = await Server.start(disk.folder);
  await agrees(again, disk, senders);
  expect(await (await again.get(`/api/messages/${marked}`)).json()).toMatchObject({ read: true, tags: ['kept'] });
});

test('a second process is rejected, with the name of the first', async () => {
  await using disk = new Disk();
  await using server = await Server.start(disk.folder);
  const second = run(process.execPath, [CLI, ...flagsFor(disk.folder)]);
  await expect(second).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^mailstop: .* in use by process \d+ on .*\n$/),
  });
  await expect(disk.open()).rejects.toMatchObject({
    code: 'cannot-open-data',
    message: expect.stringMatching(/in use by process \d+ on/),
  });
  await server.end('SIGKILL');
  // Although nothing unlocked the folder, it can be opened at once.
  await disk.open();
});

test('a folder that cannot be created is named; exit code 3', async () => {
  await expect(run(process.execPath, [CLI, ...flagsFor('/dev/null/mail')])).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^mailstop: \/dev\/null\/mail can't be used for mail: a part of the path is a file, not a folder \(ENOTDIR.*\n$/,
    ),
  });
});
