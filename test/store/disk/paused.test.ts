import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SmtpClient } from '../../bench/smtp-client.ts';
import { Disk } from './a-disk.ts';
import { Server } from './a-server.ts';

const BODY = 'Subject: x\r\n\r\n';
const LARGE = `${BODY}${'x'.repeat(100_000)}\r\n`;

/**
 * Makes its owner look like one in another container, silent for a minute. The lock becomes a new file: the owner may
 * have been paused between opening the old one and reading it.
 */
function makeSilent(disk: Disk): void {
  const path = disk.path('lock');
  const made = `${path}.made`;
  writeFileSync(made, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), host: 'another-container' }));
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(made, aMinuteAgo, aMinuteAgo);
  renameSync(made, path);
}

const put = (url: string, body: string) =>
  fetch(`${url}/api/messages`, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body });

const tag = (url: string, id: string, tags: readonly string[]) =>
  fetch(`${url}/api/messages/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tags }),
  });

test('a process that was paused and lost its folder to another one writes nothing more', {
  skip: process.platform === 'win32',
}, async () => {
  await using disk = new Disk();
  await using paused = await Server.start(disk.folder);
  const { id } = (await (await put(paused.url, BODY)).json()) as { id: string };
  await using smtp = await SmtpClient.open(paused.smtp);
  await smtp.hello();
  await paused.pause();
  makeSilent(disk);
  await using other = await Server.start(disk.folder);
  expect((await tag(other.url, id, ['of the other'])).status).toBe(200);
  const mails = disk.mails();

  // All of this is pending when the process continues, so it comes before any timer.
  const waiting = [
    put(paused.url, BODY),
    put(paused.url, LARGE),
    tag(paused.url, id, ['of the paused']),
    fetch(`${paused.url}/api/messages/${id}`, { method: 'DELETE' }),
    fetch(`${paused.url}/api/messages?all=true`, { method: 'DELETE' }),
  ];
  const refused = expect(smtp.deliver(Buffer.from('Subject: x\r\n.\r\n'))).rejects.toThrow(
    /got 451 4\.3\.0 Not stored: .* was taken over by process \d+ on /,
  );
  paused.signal('SIGCONT');
  await refused;
  const reason = new RegExp(`^${disk.folder} was taken over by process ${other.pid} on .*; stop one of the two`);
  for (const answer of await Promise.all(waiting)) {
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: 'data-unwritable',
      detail: expect.stringContaining('was taken over'),
    });
  }
  const ready = await fetch(`${paused.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ ready: false, disk: expect.stringMatching(reason) }),
  ]);
  const told = paused.logged.map((line) => JSON.parse(line)).filter(({ event }) => event === 'folder lost');
  expect(told).toEqual([expect.objectContaining({ level: 'error', reason: expect.stringMatching(reason) })]);

  expect(disk.mails()).toEqual(mails);
  expect(await paused.end('SIGTERM')).toEqual([3, null]);
  expect(JSON.parse(readFileSync(disk.path('lock'), 'utf8'))).toMatchObject({ pid: other.pid });
  expect((await put(other.url, BODY)).status).toBe(201);
  expect(await other.end('SIGTERM')).toEqual([0, null]);
  await using again = await Server.start(disk.folder);
  expect(await again.list()).toHaveLength(2);
  expect(await (await again.get(`/api/messages/${id}`)).json()).toMatchObject({ tags: ['of the other'] });
});

test('a process that was paused and kept its folder continues', {
  skip: process.platform === 'win32',
}, async () => {
  await using disk = new Disk();
  await using server = await Server.start(disk.folder);
  await server.pause();
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(disk.path('lock'), aMinuteAgo, aMinuteAgo);
  const waiting = put(server.url, BODY);
  server.signal('SIGCONT');
  expect((await waiting).status).toBe(201);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(server.logged.join()).not.toContain('folder lost');
});
