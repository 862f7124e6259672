import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { Closer } from '../../server/closer.ts';
import { greeted, startChild } from './child.ts';
import { type Figure, median } from './figure.ts';
import { fill } from './load.ts';
import { mails } from './mails.ts';
import { memoryGrowth } from './memory.ts';
import type { Effort } from './plan.ts';
import { Pop3Client } from './pop3-client.ts';
import type { Stock } from './stock.ts';
import { startMailstop } from './subjects.ts';

const CONNECTIONS = 8;
const MAILS = 200;
const USER = 'ada@example.org';

/** RETR of 30 KB mails over several connections, beside a server that only writes prepared octets. */
export async function measureRetrieval({ rounds, warmUp, round }: Effort): Promise<Figure[]> {
  await using opened = new Closer();
  const mailstop = opened.use(await startMailstop());
  await greeted(mailstop, mailstop.ports.smtp);
  await fill(mailstop.ports.smtp, CONNECTIONS, mails.html, MAILS);
  const size = String(mails.html.body.length);
  const bare = opened.use(startChild(() => [join(import.meta.dirname, 'bare-pop3.mjs'), size], { ipc: true }));
  const [message] = await once(bare.process, 'message');
  const { port } = z.object({ port: z.number() }).parse(message);

  const pairs: { ours: number; bare: number }[] = [];
  for (const time of [warmUp, ...Array.from({ length: rounds }, () => round)]) {
    pairs.push({ ours: await retrievals(mailstop.ports.pop3, time), bare: await retrievals(port, time) });
  }
  const measured = pairs.slice(1);
  const against = {
    name: 'a server that writes prepared octets',
    value: median(measured.map((pair) => pair.bare)),
    ratio: median(measured.map((pair) => pair.ours / pair.bare)),
  };
  const value = median(measured.map((pair) => pair.ours));
  return [{ name: 'POP3, 8 connections, 30 KB HTML', unit: 'RETR/s', value, against, expected: null }];
}

/** @returns RETR per second */
async function retrievals(port: number, milliseconds: number): Promise<number> {
  await using connections = new Closer();
  const clients = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const client = connections.use(await Pop3Client.open(port));
      await client.login(USER);
      return client;
    }),
  );
  const start = performance.now();
  let retrieved = 0;
  const untilEnd = async (client: Pop3Client, first: number) => {
    for (let at = first; performance.now() - start < milliseconds; at++) {
      const octets = await client.retrieve((at % MAILS) + 1);
      if (octets < mails.html.body.length) throw new Error(`RETR gave ${octets} octets`);
      retrieved++;
    }
  };
  await Promise.all(clients.map((client, at) => untilEnd(client, at * 25)));
  return (retrieved / (performance.now() - start)) * 1000;
}

/** Whether login and UIDL cost more per mail in a large mailbox than in a small one. */
export async function measureUidl(stock: Stock, many: number, few: number): Promise<Figure[]> {
  const small = await uidlOver(stock, few);
  const large = await uidlOver(stock, many);
  const name = (what: string) => `POP3, ${what} over ${many.toLocaleString('en')} mails`;
  const beside = (value: number, other: number) => ({
    name: `over ${few.toLocaleString('en')} mails`,
    value: other,
    ratio: value / other,
  });
  return [
    {
      name: name('login and UIDL'),
      unit: 'µs/mail',
      value: large.perMail,
      against: beside(large.perMail, small.perMail),
      expected: { at: 'most', limit: 1.5 },
    },
    {
      name: name('memory growth in UIDL'),
      unit: 'MB',
      value: large.growth / 1e6,
      against: null,
      expected: { at: 'most', limit: 50 },
    },
  ];
}

/** @returns microseconds per mail, and the growth of resident memory meanwhile, in octets */
async function uidlOver(stock: Stock, count: number): Promise<{ readonly perMail: number; readonly growth: number }> {
  const { mailstop } = await stock.of(count);
  const times: number[] = [];
  const growths: number[] = [];
  for (let time = 0; time < 5; time++) {
    const growth = await memoryGrowth(mailstop.pid, async () => {
      times.push(await timedUidl(mailstop.ports.pop3, count));
    });
    growths.push(growth);
  }
  return { perMail: (median(times) / count) * 1000, growth: Math.max(...growths) };
}

/** @returns milliseconds from the login to the end of the answer */
async function timedUidl(port: number, count: number): Promise<number> {
  await using client = await Pop3Client.open(port);
  const start = performance.now();
  await client.login(USER);
  const octets = await client.uidl();
  // A number, a space, an id of at least 8 octets, CRLF.
  if (octets < count * 12) throw new Error(`UIDL over ${count} mails gave ${octets} octets`);
  return performance.now() - start;
}
