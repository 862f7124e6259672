import { setTimeout as sleep } from 'node:timers/promises';
import { greeted } from './child.ts';
import { type Figure, median } from './figure.ts';
import { fill } from './load.ts';
import { mails } from './mails.ts';
import { startMailstop } from './subjects.ts';

const NEEDLES = 10;
const TRIES = 15;

/** Searches over many mails of 5 KB: for a word in the body of ten, when the bodies are ready, and in the headers. */
export async function measureSearch(many: number): Promise<Figure[]> {
  await using mailstop = await startMailstop('--max-messages', `${many + NEEDLES}`, '--max-bytes', '2g');
  const { smtp, http } = mailstop.ports;
  await greeted(mailstop, smtp);
  const over = `over ${many.toLocaleString('en')} mails of 5 KB`;
  const figure = (name: string, value: number, limit: number | null): Figure => ({
    name: `search ${over}: ${name}`,
    unit: 'ms',
    value,
    against: null,
    expected: limit === null ? null : { at: 'most', limit },
  });

  for (let part = 0; part < NEEDLES; part++) {
    await fill(smtp, 8, mails.medium, Math.floor(many / NEEDLES));
    await fill(smtp, 1, mails.needle, 1);
  }
  const burstOver = performance.now();
  while ((await waiting(http)) > 0) await sleep(250);
  const ready = performance.now() - burstOver;
  const headers = await search(http, 'from:nobody', 0);
  const word = await search(http, 'haystackneedle', NEEDLES);
  return [
    figure('in a header', headers, null),
    figure('a word in the text of 10', word, 100),
    figure('until all texts are ready after the burst', ready, null),
  ];
}

async function search(port: number, q: string, expected: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/api/messages?limit=50&q=${q}`);
    const { matched } = (await response.json()) as { matched: number };
    times.push(performance.now() - start);
    if (matched !== expected) throw new Error(`${q} found ${matched}, not ${expected}`);
  }
  return median(times);
}

/** How many of the oldest and newest mails have no preview yet: the newest are parsed first, so the oldest come last. */
async function waiting(port: number): Promise<number> {
  const server = (await (await fetch(`http://127.0.0.1:${port}/api/server`)).json()) as { counts: { total: number } };
  const offset = Math.max(0, server.counts.total - 50);
  const oldest = await fetch(`http://127.0.0.1:${port}/api/messages?limit=50&offset=${offset}`);
  const { messages } = (await oldest.json()) as { messages: readonly { preview: string | null }[] };
  return messages.filter(({ preview }) => preview === null).length;
}
