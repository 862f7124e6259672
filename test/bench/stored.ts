import { z } from 'zod';
import { Closer } from '../../server/closer.ts';
import { type Figure, median } from './figure.ts';
import { HttpClient } from './http-client.ts';
import type { Stock } from './stock.ts';

/** Rounds, and in each so many requests of a kind to each server. */
const ROUNDS = 9;
const TRIES = 15;
/** As many as the smallest store has. */
const PAGE = 10;

const page = z.object({
  messages: z.array(z.object({ id: z.string() })),
  counts: z.object({ total: z.number() }),
});

/** One of the things that every client does, timed; returns milliseconds. */
type Request = (http: HttpClient, turn: number) => Promise<number>;

const requests: Readonly<Record<string, Request>> = {
  'first page': (http) => http.time('GET', `/api/messages?limit=${PAGE}`),
  async 'one mail'(http, turn) {
    return http.time('GET', `/api/messages/${await idAt(http, turn % PAGE)}`);
  },
  /** From the middle, where an array is slowest; another one takes its place. */
  async 'delete one mail'(http) {
    const { counts } = await listed(http, 0);
    const id = await idAt(http, Math.floor(counts.total / 2));
    const took = await http.time('DELETE', `/api/messages/${id}`);
    await http.ask('POST', '/api/messages?to=ada@example.org', { type: 'message/rfc822', octets });
    return took;
  },
  'counts by mailbox': (http) => http.time('GET', '/api/mailboxes'),
};

const octets = Buffer.from('Subject: another one\r\n\r\nhello\r\n');

async function listed(http: HttpClient, offset: number) {
  return page.parse(JSON.parse(await http.ask('GET', `/api/messages?limit=1&offset=${offset}`)));
}

async function idAt(http: HttpClient, offset: number): Promise<string> {
  const [message] = (await listed(http, offset)).messages;
  if (!message) throw new Error(`there is no mail at ${offset}`);
  return message.id;
}

/** What common requests cost with many mails, compared with few; the servers take turns. */
export async function measureStored(stock: Stock, many: number): Promise<Figure[]> {
  await using opened = new Closer();
  const counts = [many, 1000, 10];
  const servers: HttpClient[] = [];
  for (const count of counts) {
    const http = new HttpClient((await stock.of(count)).mailstop.ports.http);
    opened.defer(() => http[Symbol.dispose]());
    servers.push(http);
  }
  const figures: Figure[] = [];
  for (const [what, request] of Object.entries(requests)) {
    // The first request compiles, parses and caches.
    for (const http of servers) await timesOf(http, request);
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times: number[] = [];
      for (const http of servers) times.push(median(await timesOf(http, request)));
      rounds.push(times);
    }
    const at = (index: number) => (times: readonly number[]) => times[index] ?? Number.NaN;
    const value = median(rounds.map(at(0)));
    for (const [index, count] of counts.entries()) {
      if (index === 0) continue;
      const against = {
        name: `of ${count.toLocaleString('en')}`,
        value: median(rounds.map(at(index))),
        ratio: median(rounds.map((times) => at(0)(times) / at(index)(times))),
      };
      const name = `${what}, of ${many.toLocaleString('en')}`;
      figures.push({ name, unit: 'ms', value, against, expected: { at: 'most', limit: 2 } });
    }
  }
  return figures;
}

async function timesOf(http: HttpClient, request: Request): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < TRIES; turn++) times.push(await request(http, turn));
  return times;
}
