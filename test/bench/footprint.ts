import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, freePort, greeted, startChild } from './child.ts';
import { type Figure, median } from './figure.ts';
import { residentMemory } from './memory.ts';
import { startMailstop } from './subjects.ts';

/** Work after the start is done by then. */
const SETTLED_MS = 3_000;

/** From the start of the process to the greeting that a client reads, beside a Node program that only greets. */
export async function measureStart(times: number): Promise<Figure[]> {
  const pairs: { mailstop: number; node: number }[] = [];
  // The first start reads the files from disk; later ones find them in the cache.
  await timed(startMailstopForGreeting);
  for (let time = 0; time < times; time++) {
    pairs.push({ mailstop: await timed(startMailstopForGreeting), node: await timed(startGreeter) });
  }
  const value = median(pairs.map(({ mailstop }) => mailstop));
  const node = median(pairs.map((pair) => pair.node));
  const name = 'start to first greeting';
  const against = { name: 'a Node program that only greets', value: node, ratio: value / node };
  return [
    { name, unit: 'ms', value, against: null, expected: { at: 'most', limit: 500 } },
    { name, unit: 'ms', value, against, expected: null },
  ];
}

async function timed(start: () => Promise<{ readonly child: Child; readonly port: number }>): Promise<number> {
  const before = performance.now();
  const { child, port } = await start();
  await using _ = child;
  await greeted(child, port);
  return performance.now() - before;
}

async function startMailstopForGreeting() {
  const child = await startMailstop();
  return { child, port: child.ports.smtp };
}

async function startGreeter() {
  const port = await freePort();
  const program = `require('node:net').createServer((socket) => socket.end('220 hello\\r\\n')).listen(${port}, '127.0.0.1')`;
  return { child: startChild(() => ['-e', program]), port };
}

/** Resident memory of an unused server, compared with an idle Node process. */
export async function measureIdleMemory(): Promise<Figure[]> {
  await using child = await startMailstop();
  await using nothing = startChild(() => ['-e', 'setInterval(() => {}, 1000)']);
  await greeted(child, child.ports.smtp);
  await sleep(SETTLED_MS);
  const [value, node] = [residentMemory(child.pid) / 1e6, residentMemory(nothing.pid) / 1e6];
  const name = 'resident memory when idle';
  return [
    { name, unit: 'MB', value, against: null, expected: { at: 'most', limit: 100 } },
    {
      name,
      unit: 'MB',
      value,
      against: { name: 'an empty Node process', value: node, ratio: value / node },
      expected: null,
    },
  ];
}
