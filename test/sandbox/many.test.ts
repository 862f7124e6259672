import { existsSync, readdirSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { rounds } from '../soak.ts';

/** What keeps a process alive, by kind, and the number of descriptors if the system reports it. */
function held(): Record<string, number> {
  const held: Record<string, number> = existsSync('/proc/self/fd') ? { fd: readdirSync('/proc/self/fd').length } : {};
  for (const kind of process.getActiveResourcesInfo()) held[kind] = (held[kind] ?? 0) + 1;
  for (const event of process.eventNames()) held[`on ${String(event)}`] = process.listenerCount(event);
  return held;
}

/** What is held now but was not before. Vitest's own timers come and go, so fewer are fine, too. */
function heldMoreThan(before: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(held()).filter(([what, count]) => count > (before[what] ?? 0)));
}

test('many sandboxes leave nothing open, and cause no warning about listeners', async () => {
  const warnings: string[] = [];
  const warned = (warning: Error) => warnings.push(warning.message);
  const times: number[] = [];
  const startAndStop = async (used: boolean) => {
    const before = performance.now();
    await using sandbox = await startSandbox();
    times.push(performance.now() - before);
    if (!used) return;
    await using events = sandbox.events();
    await events.next();
    await sandbox.expectNone({ within: 0 });
  };
  const before = held();
  process.on('warning', warned);
  for (let i = 0; i < rounds(100); i++) await startAndStop(i % 10 === 0);
  process.off('warning', warned);

  await expect.poll(() => heldMoreThan(before), { timeout: 10_000 }).toEqual({});
  expect(warnings).toEqual([]);
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)]?.toFixed(1);
  console.log(`starting a sandbox, loaded: median ${at(0.5)} ms, 95 % under ${at(0.95)} ms`);
});

test('those that parsed mail leave nothing open, either', async () => {
  const startAndStop = async () => {
    await using sandbox = await startSandbox();
    const ada = sandbox.mailbox('ada');
    await sandbox.deliver({ to: ada.address, raw: 'Subject: x\r\n\r\ncode 123456\r\n' });
    expect((await ada.waitFor('text:code', { timeout: 60_000 })).text).toContain('123456');
  };
  const before = held();
  for (let i = 0; i < 5; i++) await startAndStop();
  await expect.poll(() => heldMoreThan(before), { timeout: 10_000 }).toEqual({});
});

test('ten at the same time each have only their own mail', async () => {
  const sandboxes = await Promise.all(Array.from({ length: 10 }, () => startSandbox()));
  expect(new Set(sandboxes.flatMap(({ smtp, http, pop3 }) => [smtp.port, http.port, pop3?.port])).size).toBe(30);
  const feeds = sandboxes.map((sandbox) => sandbox.events());
  for (const feed of feeds) await feed.next(); // its hello
  await Promise.all(
    sandboxes.map(async ({ smtp }, i) => {
      await createTransport({ ...smtp }).sendMail({ to: 'ada@example.test', subject: `for sandbox ${i}`, text: 'hi' });
    }),
  );
  const own = sandboxes.map((_, i) => `for sandbox ${i}`);
  const mails = await Promise.all(sandboxes.map((sandbox) => sandbox.messages()));
  expect(mails.map((those) => those.map(({ subject }) => subject))).toEqual(own.map((subject) => [subject]));
  const told = await Promise.all(feeds.map((feed) => feed.next()));
  expect(told.map(({ value }) => value)).toMatchObject(own.map((subject) => ({ type: 'added', message: { subject } })));
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

test('among very many mails the newest is found; reading all is an error, not a partial result', async () => {
  await using sandbox = await startSandbox();
  for (let i = 0; i < 1020; i += 20) {
    const some = Array.from({ length: 20 }, (_, j) => `Subject: mail ${i + j}\r\n\r\n`);
    await Promise.all(some.map((raw) => sandbox.api.deliver(raw, { to: ['ada@example.test'] })));
  }
  await sandbox.api.deliver('Subject: the last\r\n\r\n', { to: ['ada@example.test'] });
  expect((await sandbox.waitFor()).subject).toBe('the last');
  expect(await sandbox.messages('subject:"mail 77"')).toHaveLength(11);
  await expect(sandbox.messages()).rejects.toThrow(/more than 1000 match. Please narrow it down with a query/);
  await expect(sandbox.next()).rejects.toThrow(/more than 1000 match/);
});
