import { z } from 'zod';
import { type Figure, median } from './figure.ts';
import { HttpClient } from './http-client.ts';
import { NEEDLES, type Stock } from './stock.ts';

const TRIES = 15;

/** Searches over many mails of 5 KB: for a word in the body of ten, when the bodies are ready, and in the headers. */
export async function measureSearch(stock: Stock, many: number): Promise<Figure[]> {
  const { mailstop, parsedAfter } = await stock.of(many);
  const over = `over ${many.toLocaleString('en')} mails of 5 KB`;
  const figure = (name: string, value: number, limit: number | null): Figure => ({
    name: `search ${over}: ${name}`,
    unit: 'ms',
    value,
    against: null,
    expected: limit === null ? null : { at: 'most', limit },
  });
  using http = new HttpClient(mailstop.ports.http);
  return [
    figure('in a header', await search(http, 'from:nobody', 0), null),
    figure('a word in the text of 10', await search(http, 'haystackneedle', NEEDLES), 100),
    figure('until all texts are ready after the burst', parsedAfter, null),
  ];
}

const answer = z.object({ matched: z.number() });

async function search(http: HttpClient, q: string, expected: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    const { matched } = answer.parse(JSON.parse(await http.ask('GET', `/api/messages?limit=50&q=${q}`)));
    times.push(performance.now() - start);
    if (matched !== expected) throw new Error(`${q} found ${matched}, not ${expected}`);
  }
  return median(times);
}
