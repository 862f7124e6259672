import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { cpuMeter, least } from '../cpu.ts';
import { aPop3 } from './a-pop3.ts';

/** In milliseconds of CPU. */
const LONGEST = 50;

/** The longest CPU time between two turns of the event loop during some work, in milliseconds. */
async function longestHold(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let working = true;
  let spent = cpuMeter();
  const beat = () => {
    longest = Math.max(longest, spent());
    spent = cpuMeter();
    if (working) setImmediate(beat);
  };
  beat();
  await work();
  working = false;
  return longest;
}

/** Sends all lines at once, and reads until the reply to QUIT. */
async function session(port: number, lines: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${lines}QUIT\r\n`);
  let octets = 0;
  socket.on('data', (chunk) => {
    octets += chunk.length;
  });
  socket.once('end', () => socket.end());
  await once(socket, 'close');
  return octets;
}

const LOGIN = 'USER all\r\nPASS x\r\n';

test.each([
  ['dots', '.\n'],
  ['line ends', '\n'],
  ['dots alone', '.'],
  ['lines of one letter', 'a\r\n'],
])('3 MB of %s hold the event loop for less than 50 ms of CPU, at the login, by RETR and by TOP', async (_, line) => {
  await using pop3 = await aPop3();
  await pop3.deliver(Buffer.alloc(3_000_000, line));
  let octets = 0;
  const fetch = async () => {
    octets = await session(pop3.port, `${LOGIN}RETR 1\r\nTOP 1 99999999\r\n`);
  };
  expect(await least(LONGEST, () => longestHold(fetch))).toBeLessThan(LONGEST);
  expect(octets).toBeGreaterThan(6_000_000);
});

test('20 clients that request such mails at the same time hold it no longer', async () => {
  await using pop3 = await aPop3();
  await pop3.deliver(Buffer.alloc(1_000_000, '.\n'));
  const fetch = async () => {
    await Promise.all(Array.from({ length: 20 }, () => session(pop3.port, `${LOGIN}RETR 1\r\n`)));
  };
  expect(await least(LONGEST, () => longestHold(fetch))).toBeLessThan(LONGEST);
});

test('nor do 20,000 commands at once, or the first login to and the deletion of 20,000 mails', async () => {
  const numbers = Array.from({ length: 20_000 }, (_, n) => n + 1);
  const measure = async () => {
    await using pop3 = await aPop3();
    for (let n = 0; n < 20_000; n++) await pop3.deliver('a: b\r\n\r\nc\n');
    const hold = await longestHold(async () => {
      await session(pop3.port, `${LOGIN}${'NOOP\r\n'.repeat(20_000)}`);
      await session(pop3.port, `${LOGIN}LIST\r\nUIDL\r\n${numbers.map((n) => `UIDL ${n}\r\n`).join('')}`);
      await session(pop3.port, `USER ada\r\nPASS x\r\n${numbers.map((n) => `DELE ${n}\r\n`).join('')}`);
    });
    expect(await pop3.left()).toEqual([]);
    return hold;
  };
  expect(await least(LONGEST, measure)).toBeLessThan(LONGEST);
});
