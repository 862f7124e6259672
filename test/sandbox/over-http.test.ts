import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../client/node.ts';
import { aProcess, type RunningProcess } from './a-process.ts';
import { sandboxBehaviour } from './behaviour.ts';

let running: RunningProcess;
beforeAll(async () => {
  running = await aProcess();
});
afterAll(() => running[Symbol.asyncDispose]());

describe('in another process, over HTTP', () => {
  sandboxBehaviour(() => connect(running.url, { timeout: 15_000 }));
});

describe('connect', () => {
  test('says so if nothing answers', async () => {
    const rejected = { name: 'ApiError', code: 'no-answer', message: 'No answer from http://127.0.0.1:1' };
    await expect(connect('http://127.0.0.1:1')).rejects.toMatchObject(rejected);
  });

  test.each(['localhost:8025', '127.0.0.1', 'smtp://127.0.0.1:1025', 'http://'])('refuses %s', async (url) => {
    await expect(connect(url)).rejects.toThrow(/is not an HTTP URL. Please give one like http:/);
  });

  test('distinguishes Mailstop from other servers', async () => {
    const page = createServer((_req, res) => res.end('<!doctype html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const { port } = page.address() as AddressInfo;
    await expect(connect(`http://127.0.0.1:${port}`)).rejects.toThrow(/is not Mailstop. Is it the port of its inbox?/);
    page.closeAllConnections();
    page.close();
  });

  test('disposing of a connection leaves the server running', async () => {
    {
      await using first = await connect(running.url);
      await first.deliver('Subject: kept\n\n');
    }
    await using second = await connect(running.url);
    expect(await second.messages({ subject: 'kept' })).toHaveLength(1);
  });
});
