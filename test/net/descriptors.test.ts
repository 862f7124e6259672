import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { DescriptorGuard } from '../../server/net/descriptors.ts';
import { SmtpClient } from '../bench/smtp-client.ts';
import { needs } from '../needs.ts';
import { Disk } from '../store/disk/a-disk.ts';
import { CLI, flagsFor, Server } from '../store/disk/a-server.ts';
import { TestLog } from './a-log.ts';
import { CLIENT_HELLO } from './leaving.ts';

/** The first octets that the server sends; empty if it closes without any. */
async function greeting(socket: Socket): Promise<string> {
  const first = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [''])]);
  return String(first[0]);
}

const REFUSED = /^421 4\.3\.2 Too many connections|^-ERR \[SYS\/TEMP\] too many connections/;

/** Resolves when the server accepts connections again: it may not have noticed yet that others were closed. */
async function untilTaken(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const answer = await greeting(socket);
    socket.destroy();
    if (answer !== '' && !REFUSED.test(answer)) return;
  }
}

// Of Linux, as is /proc.
needs('prlimit')(
  'with 200 descriptors, a crowd is rejected with a reason; afterwards mail is accepted again',
  async () => {
    await using disk = new Disk();
    const started = ['-c', 'ulimit -n 200; exec "$@"', 'sh', process.execPath, CLI, ...flagsFor(disk.folder)];
    await using server = await Server.run('sh', started);
    for (const port of [server.smtp, server.pop3, server.smtp]) {
      const crowd: Socket[] = [];
      let answer = '';
      await untilTaken(port);
      while (!/^421|^-ERR/.test(answer) && crowd.length < 250) {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        crowd.push(socket);
        answer = await greeting(socket);
      }
      expect(answer).toMatch(REFUSED);
      expect(crowd.length).toBeGreaterThan(100);
      // The inbox and its files still have some.
      expect(await (await server.get('/api/messages')).json()).toMatchObject({ matched: 0 });
      for (const socket of crowd) socket.destroy();
    }
    for (let n = 0; n < 250; n++) {
      const socket = connect(server.smtp, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      socket.write(CLIENT_HELLO);
      socket.destroy();
    }
    await untilTaken(server.smtp);
    await using client = await SmtpClient.open(server.smtp);
    await client.hello();
    const id = SmtpClient.idIn(await client.deliver(Buffer.from('Subject: a\r\n\r\nb\r\n.\r\n')));
    expect(await server.list()).toEqual([id]);
    // One line for all listeners, whatever the number of connections.
    const told = server.logged.filter((line) => line.includes('out of descriptors'));
    expect(told.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', limit: 200, reason: expect.stringContaining('ulimit -n') }),
    ]);
  },
);

test('a shortage is logged once when it begins and once when it is over', () => {
  vi.useFakeTimers();
  try {
    const log = new TestLog();
    using guard = new DescriptorGuard(log, 200);
    const numbered = (fd: number) => Object.assign(new Socket(), { _handle: { fd } });
    const refuse = () => guard.refuses(numbered(170));
    expect(guard.refuses(numbered(100))).toBe(false);
    for (let seconds = 0; seconds < 300; seconds += 30) {
      expect(refuse()).toBe(true);
      // A number that became free says little about the others.
      expect(guard.refuses(numbered(100))).toBe(false);
      vi.advanceTimersByTime(30_000);
    }
    expect(log.entries.map(({ event }) => event)).toEqual(['out of descriptors']);
    vi.advanceTimersByTime(60_000);
    refuse();
    expect(log.entries).toMatchObject([
      { event: 'out of descriptors', fields: { limit: 200 } },
      { event: 'descriptors left again', fields: { refused: 10 } },
      { event: 'out of descriptors' },
    ]);
  } finally {
    vi.useRealTimers();
  }
});

needs('prlimit')('without descriptors a module is not imported, and later it is', async () => {
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { importIfRoom } from ${JSON.stringify(fileURLToPath(new URL('../../server/net/descriptors.ts', import.meta.url)))};
    const held = [];
    let asked = 0;
    const load = async () => ++asked;
    try { for (;;) held.push(openSync('/dev/null', 'r')); } catch {}
    const failed = await importIfRoom(load).catch((error) => error.code);
    for (const descriptor of held) closeSync(descriptor);
    console.log(failed, asked, await importIfRoom(load));
  `;
  const args = [
    '-c',
    'ulimit -n 100; exec "$@"',
    'sh',
    process.execPath,
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    script,
  ];
  const { stdout } = await promisify(execFile)('sh', args);
  expect(stdout).toBe('EMFILE 0 1\n');
});
