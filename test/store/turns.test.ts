import { expect, test } from 'vitest';
import { Gate, Lanes, Turns } from '../../server/store/turns.ts';

/** Work that the test ends. */
function work(log: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async () => {
    log.push(`${name} starts`);
    await ended;
    log.push(`${name} ends`);
  };
  return { run, end: () => end() };
}

test('one turn at a time, in order; the first starts at once, and a failure does not block the next', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const [a, b] = [work(log, 'a'), work(log, 'b')];
  const all = [turns.take(a.run), turns.take(() => Promise.reject(new Error('no'))), turns.take(b.run)];
  expect(log).toEqual(['a starts']);
  b.end();
  a.end();
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

test('work that takes a turn inside its turn runs after it', async () => {
  const turns = new Turns();
  const log: string[] = [];
  let inner: Promise<void> | undefined;
  await turns.take(() => {
    inner = turns.take(() => void log.push('inner'));
    log.push('outer');
  });
  await inner;
  expect(log).toEqual(['outer', 'inner']);
});

test('no more run at a time than there are lanes', async () => {
  const lanes = new Lanes(2);
  let running = 0;
  let most = 0;
  const run = () =>
    lanes.take(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
  await Promise.all(Array.from({ length: 10 }, () => run().then(run)));
  expect([most, running]).toEqual([2, 0]);
});

test('shared work runs concurrently; exclusive work waits for it, and blocks it', async () => {
  const gate = new Gate();
  const log: string[] = [];
  const [a, b, alone, c] = ['a', 'b', 'alone', 'c'].map((name) => work(log, name));
  const all = [
    gate.share(async () => a?.run()),
    gate.share(async () => b?.run()),
    gate.alone(async () => alone?.run()),
    gate.share(async () => c?.run()),
  ];
  for (const one of [c, alone, b, a]) {
    await new Promise((resolve) => setImmediate(resolve));
    one?.end();
  }
  await Promise.all(all);
  expect(log.slice(0, 2)).toEqual(['a starts', 'b starts']);
  expect(log.slice(4)).toEqual(['alone starts', 'alone ends', 'c starts', 'c ends']);
});

test('closing a gate lets started work finish, and rejects the rest', async () => {
  const gate = new Gate();
  const log: string[] = [];
  const a = work(log, 'a');
  const started = gate.share(a.run);
  await new Promise((resolve) => setImmediate(resolve));
  const before = gate.alone(async () => log.push('before'));
  const closed = gate.close(new Error('closed'), async () => void log.push('closed'));
  await expect(gate.share(async () => log.push('never'))).rejects.toThrow('closed');
  await expect(gate.alone(async () => log.push('never'))).rejects.toThrow('closed');
  a.end();
  await Promise.all([started, closed, before]);
  expect(log).toEqual(['a starts', 'a ends', 'before', 'closed']);
});
