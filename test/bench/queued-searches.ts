import { z } from 'zod';
import { Closer } from '../../server/closer.ts';
import { type Figure, median, percentile } from './figure.ts';
import { getJson, HttpClient } from './http-client.ts';
import { mails } from './mails.ts';
import { SmtpClient } from './smtp-client.ts';
import type { Stock } from './stock.ts';
import type { MailstopPorts } from './subjects.ts';
import { timesToAnswer } from './waiting.ts';

const SEARCHES = 1000;
const ROUNDS = 3;
const TRIES = 40;
const PART = 0.95;
const LIMIT_MS = 100;

/** How long senders and waits take while clients loop a slow search, and without them, in turns. */
export async function measureQueuedSearches(stock: Stock, count: number): Promise<Figure[]> {
  const { mailstop } = await stock.of(count);
  const { ports } = mailstop;
  const rounds: { readonly without: Times; readonly beside: Times }[] = [];
  await timesOf(ports);
  for (let round = 0; round < ROUNDS; round++) {
    const without = await timesOf(ports);
    await using _searches = await loopSearches(ports);
    rounds.push({ without, beside: await timesOf(ports) });
  }
  const figure = (what: string, times: keyof Times): Figure => {
    const pairs = rounds.map(({ without, beside }) => ({
      without: percentile(without[times], PART),
      beside: percentile(beside[times], PART),
    }));
    return {
      name: `${what} beside ${SEARCHES.toLocaleString('en')} searches, ${PART * 100} %`,
      unit: 'ms',
      value: median(pairs.map(({ beside }) => beside)),
      against: {
        name: 'without a search',
        value: median(pairs.map(({ without }) => without)),
        ratio: median(pairs.map(({ without, beside }) => beside / without)),
      },
      expected: { at: 'most', limit: LIMIT_MS, of: 'value' },
    };
  };
  return [figure('from connecting to the 250', 'sessions'), figure('from the 250 to the answer of a wait', 'waits')];
}

interface Times {
  readonly sessions: readonly number[];
  readonly waits: readonly number[];
}

const server = z.object({ seq: z.number() });

async function timesOf({ smtp, http }: MailstopPorts): Promise<Times> {
  const sessions: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    await using client = await SmtpClient.open(smtp);
    await client.hello();
    await client.deliver(mails.small.body);
    sessions.push(performance.now() - start);
  }
  const { seq } = await getJson(`http://127.0.0.1:${http}/api/server`, server);
  return { sessions, waits: await timesToAnswer({ smtp, http }, TRIES, seq) };
}

/** Resolves when all searches have reached the queue for threads. Disposing of it ends them. */
async function loopSearches({ http }: MailstopPorts): Promise<AsyncDisposable> {
  await using opened = new Closer();
  let ending = false;
  const loops = Array.from({ length: SEARCHES }, async (_, n) => {
    const client = new HttpClient(http);
    opened.defer(() => client[Symbol.dispose]());
    const path = `/api/messages?limit=50&q=${encodeURIComponent(`text:/order \\w+ nothing${n}/`)}`;
    try {
      while (!ending) await client.ask('GET', path);
    } catch (error) {
      if (!ending) throw error;
    }
  });
  const all = Promise.all(loops);
  // Handled when it is awaited below.
  all.catch(() => {});
  opened.defer(() => {
    ending = true;
  });
  // Searches of headers are answered in order, so this one comes after all that have arrived.
  using client = new HttpClient(http);
  await client.ask('GET', '/livez');
  await client.ask('GET', '/api/messages?limit=1&q=from:nobody');
  const closing = opened.move();
  return {
    async [Symbol.asyncDispose]() {
      await closing[Symbol.asyncDispose]();
      await all;
    },
  };
}
