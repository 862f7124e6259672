import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { SmtpClient } from '../../bench/smtp-client.ts';
import { needs } from '../../needs.ts';
import { patience, rounds } from '../../soak.ts';
import { Disk, mail } from './a-disk.ts';
import { CLI, flagsFor, Server } from './a-server.ts';

const SIZE = 40_000;

/** Sends mails over one connection, and keeps the replies. */
class Sender {
  readonly acknowledged = new Map<string, string>();
  readonly refusals: string[] = [];
  readonly #client: SmtpClient;
  #sent = 0;

  private constructor(client: SmtpClient) {
    this.#client = client;
  }

  static async open(port: number): Promise<Sender> {
    const client = await SmtpClient.open(port);
    await client.hello();
    return new Sender(client);
  }

  /** @returns whether it was accepted */
  async send(): Promise<boolean> {
    const raw = `Subject: mail ${++this.#sent}\r\n\r\n${'x'.repeat(SIZE)}\r\n`;
    try {
      this.acknowledged.set(SmtpClient.idIn(await this.#client.deliver(Buffer.from(`${raw}.\r\n`))), raw);
      return true;
    } catch (error) {
      this.refusals.push(String(error));
      return false;
    }
  }

  /** Sends until one is rejected. */
  async fill(): Promise<void> {
    for (let sent = 0; sent < 1000; sent++) if (!(await this.send())) return;
    expect.fail('the server took a thousand mails');
  }
}

async function holds(server: Server, { acknowledged }: Sender): Promise<void> {
  expect((await server.list()).sort()).toEqual([...acknowledged.keys()].sort());
  for (const [id, raw] of acknowledged) expect(String(await server.raw(id))).toBe(raw);
}

const runsOut = needs('prlimit');
runsOut(
  'without descriptors mail is refused with 452, and taken again when there are some',
  async () => {
    await using disk = new Disk();
    // Each mail has a file of its own before it is acknowledged.
    await using server = await Server.start(disk.folder, '--min-free-disk', 'off');
    const sender = await Sender.open(server.smtp);
    const descriptors = (most: number) => execFileSync('prlimit', ['--pid', `${server.pid}`, `--nofile=${most}:`]);
    expect(await sender.send()).toBe(true);
    for (let round = 0; round < rounds(2); round++) {
      // Fewer than it has open: those stay open, but no more can be opened.
      descriptors(3);
      expect([await sender.send(), await sender.send()]).toEqual([false, false]);
      expect(sender.refusals.splice(0)).toEqual(Array(2).fill(expect.stringContaining('got 452')));
      descriptors(4096);
      expect(disk.names('incoming')).toEqual([]);
      expect(await sender.send()).toBe(true);
    }
    await holds(server, sender);
  },
  patience(180_000),
);

runsOut(
  'without descriptors mail that is acknowledged can be read, and has its file when there are some',
  async () => {
    await using disk = new Disk();
    await using server = await Server.start(disk.folder);
    const sender = await Sender.open(server.smtp);
    const descriptors = (most: number) => execFileSync('prlimit', ['--pid', `${server.pid}`, `--nofile=${most}:`]);
    for (let round = 0; round < rounds(2); round++) {
      expect(await sender.send()).toBe(true);
      descriptors(3);
      // The journal may be open, or already filed; then mail is rejected.
      for (let n = 0; n < 5; n++) await sender.send();
      for (const refusal of sender.refusals.splice(0)) expect(refusal).toContain('got 452');
      descriptors(4096);
      await holds(server, sender);
    }
    expect(await server.end('SIGTERM')).toEqual([0, null]);
    expect(disk.mails()).toEqual([...sender.acknowledged.keys()].sort());
  },
  patience(180_000),
);

runsOut(
  'without descriptors mail is taken, and is read at the latest when there are some',
  async () => {
    const flags = ['--smtp-port', '0', '--http-port', '0', '--pop3-port', '0', '--log-format', 'json'];
    await using server = await Server.run(process.execPath, [CLI, ...flags]);
    const problem = async (id = '') => (await (await server.get(`/api/messages/${id}`)).json()) as { problem: unknown };
    const sender = await Sender.open(server.smtp);
    // The connection stays open for the next request.
    await server.list();
    const descriptors = (most: number) => execFileSync('prlimit', ['--pid', `${server.pid}`, `--nofile=${most}:`]);
    descriptors(3);
    expect(await sender.send()).toBe(true);
    const [first] = sender.acknowledged.keys();
    // A running thread needs no descriptors; starting one does.
    const { problem: reason } = await problem(first);
    if (reason !== null) expect(reason).toMatch(/could not be parsed: .*(EMFILE|too many open files)/);
    descriptors(4096);
    expect(await problem(first)).toMatchObject({ problem: null });
    expect(await sender.send()).toBe(true);
    expect(await problem([...sender.acknowledged.keys()][1])).toMatchObject({ problem: null });
  },
  patience(180_000),
);

const fillsUp = needs('unshare');
fillsUp('a start on a full disk leaves no lock that says nothing', async ({ skip }) => {
  await using disk = new Disk();
  const inside = (script: string) =>
    execFileSync('unshare', ['-rm', 'sh', '-c', script, disk.folder, process.execPath, CLI, ...flagsFor(disk.folder)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
  const mount = 'mount -t tmpfs -o size=64k mailstop "$0"';
  try {
    inside(mount);
  } catch {
    skip('a file system of its own may not be mounted here');
  }
  const fill = 'head -c 1000000 /dev/zero > "$0/fill"';
  expect(inside(`${mount}; ${fill}; "$@"; echo $?; ls "$0"`)).toBe('3\nfill\n');
});

fillsUp(
  'killed on a disk that fills up: a start says how much has to be free, and then all mail is there',
  async ({ skip }) => {
    await using left = new Disk();
    const { id } = await (await left.open()).add(mail('in the journal'));
    await left.abandon();
    await using disk = new Disk();
    const full = [
      'mount -t tmpfs -o size=4m mailstop "$0" && cp -r "$LEFT/." "$0"',
      'head -c 8000000 /dev/zero > "$0/fill"',
      '"$@" 2> "$SAID"; echo "exit $?" >> "$SAID"',
    ].join('; ');
    const start = ['sh', '-c', `${full}; rm "$0/fill"; exec "$@"`, disk.folder, process.execPath, CLI];
    try {
      execFileSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs mailstop "$0"', disk.folder], { stdio: 'ignore' });
    } catch {
      skip('a file system of its own may not be mounted here');
    }
    const env = { LEFT: left.folder, SAID: left.path('said'), MAILSTOP_MIN_FREE_DISK: '1MiB' };
    await using server = await Server.run('unshare', ['-rm', ...start, ...flagsFor(disk.folder)], env);
    const said = readFileSync(env.SAID, 'utf8');
    expect(said).toMatch(/^mailstop: \S+ can't be used for mail: [^\n]*ENOSPC[^\n]*\nexit 3\n$/);
    expect(said).toContain(disk.folder);
    expect(said).toContain('nothing is lost, and it can start when 1.0 MiB are free there (--min-free-disk)');
    expect(String(await server.raw(id))).toContain('in the journal');
  },
);

fillsUp(
  'on a full disk mail is refused with 452, and taken again when there is room',
  async ({ skip }) => {
    const mount = 'mount -t tmpfs -o size=2m mailstop "$0" && exec "$@"';
    await using disk = new Disk();
    try {
      execFileSync('unshare', ['-rm', 'sh', '-c', mount, disk.folder, 'true'], { stdio: 'ignore' });
    } catch {
      skip('a file system of its own may not be mounted here');
    }
    await using server = await Server.run(
      'unshare',
      ['-rm', 'sh', '-c', mount, disk.folder, process.execPath, CLI, ...flagsFor(disk.folder)],
      // No floor, so that the disk itself fails.
      { MAILSTOP_MIN_FREE_DISK: '1' },
    );
    const sender = await Sender.open(server.smtp);
    for (let round = 0; round < rounds(2); round++) {
      await sender.fill();
      expect(sender.refusals.splice(0)).toEqual([expect.stringContaining('got 452')]);
      await holds(server, sender);
      const [gone = '', also = ''] = sender.acknowledged.keys();
      for (const id of [gone, also]) {
        await fetch(`${server.url}/api/messages/${id}`, { method: 'DELETE' });
        sender.acknowledged.delete(id);
      }
      expect(await sender.send()).toBe(true);
    }
    await holds(server, sender);
  },
  patience(180_000),
);
