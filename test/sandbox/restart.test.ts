import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../client/node.ts';
import { CLI, start } from '../cli/a-command.ts';
import { aProcess, type RunningProcess } from './a-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailstop-restart-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const raw = (subject: string) => `Subject: ${subject}\r\n\r\nhello\r\n`;

async function put(url: string, to: string, subject: string): Promise<void> {
  await using sandbox = await connect(url);
  await sandbox.deliver({ to, raw: raw(subject) });
}

/** Kills it, and starts another one on the same port. */
async function again(before: RunningProcess, args: readonly string[] = []): Promise<RunningProcess> {
  await before.kill();
  return aProcess(['--http-port', new URL(before.url).port, ...args]);
}

describe('a server that goes away during a wait', () => {
  test('is reported to have gone away, with its URL', async () => {
    const server = await aProcess();
    const sandbox = await connect(server.url);
    const ada = sandbox.mailbox('ada');
    const waits = [ada.waitFor('', { timeout: 60_000 }), ada.waitForCount(2, '', { timeout: 60_000 })];
    const all = Promise.allSettled(waits);
    // Connects after the waits, so that they are connected when it is answered.
    await sandbox.api.server();
    await server.kill();
    for (const outcome of await all) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'ApiError', code: 'went-away', message: `Mailstop at ${server.url} went away while waiting` },
      });
    }
    await expect(ada.waitFor()).rejects.toMatchObject({ code: 'no-answer', message: `No answer from ${server.url}` });
  });

  test('gives the command exit code 3 and two lines', async () => {
    const url = await aServerThatDies();
    const { code, out, err } = await start(process.execPath, [CLI, 'wait', '--url', url, '--timeout', '60s']).ended;
    expect([code, out]).toEqual([3, '']);
    expect(err).toBe(
      `mailstop: Mailstop at ${url} went away while waiting.\nWith --retry, wait and expect keep waiting across a restart.\n`,
    );
  });
});

describe('with retry, a wait survives a restart', () => {
  test('and counts mail from before it, if that was kept', async () => {
    const data = ['--data', join(folder, 'kept')];
    const first = await aProcess(data);
    await using sandbox = await connect(first.url, { retry: true });
    const ada = sandbox.mailbox('ada');
    const waiting = ada.waitForCount(2, { subject: 'reset' }, { timeout: 60_000 });
    await put(first.url, ada.address, 'reset 1');
    await using second = await again(first, data);
    await put(second.url, ada.address, 'reset 2');
    expect((await waiting).map(({ subject }) => subject)).toEqual(['reset 1', 'reset 2']);
  });

  test('and misses nothing if the server starts counting again', async () => {
    const first = await aProcess();
    await using sandbox = await connect(first.url, { retry: true });
    const ada = sandbox.mailbox('ada');
    await put(first.url, ada.address, 'one');
    expect((await ada.next()).subject).toBe('one');
    const waiting = ada.next({ timeout: 60_000 });
    await using second = await again(first);
    await put(second.url, ada.address, 'two');
    expect((await waiting).subject).toBe('two');
  });

  test('and ends at its deadline if the server stays away', async () => {
    const server = await aProcess();
    const sandbox = await connect(server.url, { retry: true });
    await server.kill();
    await expect(sandbox.waitFor('', { timeout: 300 })).rejects.toMatchObject({
      code: 'not-back',
      message: `No answer from ${server.url}, and it was not back in time`,
    });
  });

  test('and ends with its signal', async () => {
    const server = await aProcess();
    const sandbox = await connect(server.url, { retry: true });
    await server.kill();
    const gone = new AbortController();
    const waiting = sandbox.waitFor('', { timeout: 60_000, signal: gone.signal });
    const reason = new Error('the test is over');
    gone.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  test('on the command line, too', async () => {
    let died = () => {};
    const gone = new Promise<void>((resolve) => {
      died = resolve;
    });
    const url = await aServerThatDies(() => died());
    const args = ['expect', '--url', url, '--retry', '--within', '60s', '--ids', 'rcpt:ada@x.test'];
    const { ended } = start(process.execPath, [CLI, ...args]);
    await gone;
    await using second = await aProcess(['--http-port', new URL(url).port]);
    await put(second.url, 'ada@x.test', 'reset');
    const { code, err, out } = await ended;
    expect([code, err, out.trim().split('\n').length]).toEqual([0, '', 1]);
  });
});

/** A server that dies at the first request. @returns its URL */
async function aServerThatDies(died = () => {}): Promise<string> {
  const server = createServer(() => {
    server.close(died);
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
