import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { rounds } from '../soak.ts';
import { Disk } from '../store/disk/a-disk.ts';
import { CLI, flagsFor, Server } from '../store/disk/a-server.ts';

/** Starts the command, and resolves when it has printed what is wanted. */
async function started(args: readonly string[], wanted: string): Promise<{ child: ChildProcess; printed: string[] }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed: string[] = [];
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    printed.push(text);
    if (printed.join('').includes(wanted)) break;
  }
  child.stdout.on('data', (text: string) => printed.push(text));
  return { child, printed };
}

test.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
  '%s stops it cleanly: the latest marks are saved, and the folder is unlocked',
  async (signal) => {
    await using disk = new Disk();
    await using server = await Server.start(disk.folder);
    const answer = await fetch(`${server.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: 'Subject: x\r\n\r\n',
    });
    const { id } = (await answer.json()) as { id: string };
    await fetch(`${server.url}/api/messages/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tags: ['a moment ago'] }),
    });
    expect(await server.end(signal)).toEqual([0, null]);
    expect(existsSync(disk.path('lock'))).toBe(false);
    await using again = await Server.start(disk.folder);
    expect(await (await again.get(`/api/messages/${id}`)).json()).toMatchObject({ tags: ['a moment ago'] });
  },
);

test.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
  '%s while much mail is being read ends the start',
  async (signal) => {
    await using disk = new Disk();
    mkdirSync(disk.path('mail'));
    const record = {
      receivedAt: '2026-11-24T19:11:51.111Z',
      envelope: { from: { address: '', parameters: {} }, to: [] },
      peer: { address: '127.0.0.1', port: 1, helo: null, protocol: 'SMTP', tls: null, username: null },
      warnings: [],
    };
    const raw = 'Subject: one of many\r\n\r\n';
    const lines = Array.from({ length: 10_000 }, (_, n) => {
      const id = `mail-${String(n).padStart(8, '0')}`;
      writeFileSync(disk.path('mail', `${id}.eml`), raw);
      return JSON.stringify({ id, seq: n + 1, size: raw.length, ...record });
    });
    writeFileSync(disk.path('mail', 'mail-00000000.jsonl'), lines.join('\n'));
    const { child, printed } = await started([CLI, ...flagsFor(disk.folder)], 'reading mail');
    const ended = once(child, 'close');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(printed.join('')).toContain(`"event":"stopping","signal":"${signal}"`);
    expect(printed.join('')).not.toContain('listening');
    expect(existsSync(disk.path('lock'))).toBe(false);
    // Nothing is missing: the folder was only read.
    expect(disk.mails()).toHaveLength(10_000);
  },
);

test('a signal at any moment of the start leaves no lock', async () => {
  await using disk = new Disk();
  for (let round = 0; round < rounds(8); round++) {
    const child = spawn(process.execPath, [CLI, ...flagsFor(disk.folder)], { stdio: 'ignore' });
    const ended = once(child, 'close');
    await pause(round * 60);
    child.kill('SIGTERM');
    // While Node itself starts, nothing handles the signal, and there is nothing to clean up.
    expect([
      [0, null],
      [null, 'SIGTERM'],
    ]).toContainEqual(await ended);
    expect(existsSync(disk.path('lock'))).toBe(false);
  }
});

/** Sends its own process a signal as soon as it loads anything but the entry file. */
const SIGNAL_WHILE_LOADING = `
  import { register } from 'node:module';
  const hook = \`export const load = (url, context, next) => {
    if (url.endsWith('/chunks/main.js')) process.kill(process.pid, 'SIGTERM');
    return next(url, context);
  }\`;
  register('data:text/javascript,' + encodeURIComponent(hook));
`;

test('a signal while the command is being loaded ends it cleanly', async () => {
  await using disk = new Disk();
  const preload = `data:text/javascript,${encodeURIComponent(SIGNAL_WHILE_LOADING)}`;
  const child = spawn(process.execPath, ['--import', preload, CLI, ...flagsFor(disk.folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(printed).toContain('"event":"stopping","signal":"SIGTERM"');
  expect(printed).not.toContain('listening');
  expect(existsSync(disk.path('lock'))).toBe(false);
});

const signals = fileURLToPath(new URL('../../server/cli/stop-signal.ts', import.meta.url));

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
  ['SIGHUP', 'SIGINT'],
] as const)('after %s, %s ends a process that does not stop', async (first, second) => {
  // It never stops by itself.
  const code = `import { stopSignal } from ${JSON.stringify(signals)};
    stopSignal().addEventListener('abort', () => console.log('asked'));
    setInterval(() => {}, 1000);
    console.log('ready');`;
  const { child } = await started(['--import', 'tsx', '--input-type=module', '-e', code], 'ready');
  const ended = once(child, 'close');
  child.kill(first);
  if (child.stdout) await once(child.stdout, 'data');
  // A closed terminal sends it twice.
  if (first === 'SIGHUP') child.kill('SIGHUP');
  child.kill(second);
  expect(await ended).toEqual([null, second]);
});

/** Runs a command on a terminal, reads until it has started, and closes the terminal. */
const ON_A_TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown = b''
while b'Ctrl-C' not in shown:
    shown += os.read(terminal, 4096)
os.close(terminal)
print(os.waitpid(pid, 0)[1])
`;

needs('python3')('closing its terminal stops it cleanly, although its log can no longer be written', async () => {
  await using disk = new Disk();
  const flags = flagsFor(disk.folder).map((flag) => (flag === 'json' ? 'text' : flag));
  const child = spawn('python3', ['-c', ON_A_TERMINAL, process.execPath, CLI, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let status = '';
  child.stdout.on('data', (text) => {
    status += text;
  });
  await once(child, 'close');
  expect(status).toBe('0\n');
  expect(existsSync(disk.path('lock'))).toBe(false);
});

test('a stop whose last save fails says so, and the exit code is 3', async () => {
  await using disk = new Disk();
  const child = spawn(process.execPath, [CLI, ...flagsFor(disk.folder)], { stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child.stdout, 'data');
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  rmSync(disk.folder, { recursive: true });
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([3, null]);
  expect(said).toMatch(/^mailstop: the state can't be saved: [^\n]*ENOENT[^\n]* are lost\n$/);
});

needs('prlimit')('a stop without free descriptors is clean if there is nothing to save', async () => {
  await using disk = new Disk();
  await using server = await Server.start(disk.folder);
  // The last seq could not be saved: the next start uses a higher one.
  execFileSync('prlimit', ['--pid', `${server.pid}`, '--nofile=3:']);
  expect(await server.end('SIGTERM')).toEqual([0, null]);
  expect(existsSync(disk.path('lock'))).toBe(false);
});

test('when the reader of its log is gone, mail is still accepted, and a stop is clean', async () => {
  await using disk = new Disk();
  const { child, printed } = await started([CLI, ...flagsFor(disk.folder)], 'listening');
  const { inbox } = JSON.parse(printed.join('')) as { inbox: string };
  const ended = once(child, 'exit');
  child.stdout?.destroy();
  for (let n = 0; n < 3; n++) {
    const body = `Subject: ${n}\r\n\r\n`;
    const headers = { 'content-type': 'message/rfc822' };
    expect((await fetch(`${inbox}/api/messages`, { method: 'POST', headers, body })).status).toBe(201);
  }
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(disk.mails()).toHaveLength(3);
  expect(existsSync(disk.path('lock'))).toBe(false);
});
