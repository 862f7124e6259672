import { Closer } from '../../server/closer.ts';
import { greeted } from './child.ts';
import { type Figure, median, percentile } from './figure.ts';
import { send } from './load.ts';
import { mails } from './mails.ts';
import type { Effort } from './plan.ts';
import { SmtpClient } from './smtp-client.ts';
import { type MailstopPorts, startMailstop } from './subjects.ts';

const TRIES = 200;
const WAITS = 1000;
const kept = { senders: 8, connection: 'kept', mail: mails.small } as const;

/** From the 250 that a sender reads to the answer of a wait that was open for its mail. */
export async function measureWaits(): Promise<Figure[]> {
  await using opened = new Closer();
  const mailstop = opened.use(await startMailstop());
  await greeted(mailstop, mailstop.ports.smtp);
  const times = await timesToAnswer(mailstop.ports, TRIES, 0);
  const figure = (name: string, value: number): Figure => ({ name, unit: 'ms', value, against: null, expected: null });
  return [
    figure('from the 250 to the answer of a wait, median', median(times)),
    figure('from the 250 to the answer of a wait, 99 %', percentile(times, 0.99)),
  ];
}

/**
 * From the 250 to the answer of a wait that was open for the mail, for one mail after the other.
 * @param after the cursor of the first wait
 */
export async function timesToAnswer(
  { smtp, http }: Pick<MailstopPorts, 'smtp' | 'http'>,
  tries: number,
  after: number,
): Promise<number[]> {
  await using client = await SmtpClient.open(smtp);
  await client.hello();
  const times: number[] = [];
  for (let i = 0; i < tries; i++) {
    const answered = ask(http, `q=to:ada@example.org&after=${after}&timeout=20000`).then((cursor) => ({
      cursor,
      at: performance.now(),
    }));
    // The wait has to be open: the server answers in order, so this comes back after it.
    await fetch(`http://127.0.0.1:${http}/livez`).then((response) => response.text());
    await client.deliver(mails.small.body);
    const accepted = performance.now();
    const { cursor, at } = await answered;
    after = cursor;
    // The response may overtake the 250, which takes another connection.
    times.push(Math.max(0, at - accepted));
  }
  return times;
}

/** What unrelated open waits cost a mail: the same server with and without them, alternately. */
export async function measureIdleWaits({ rounds, warmUp, round }: Effort): Promise<Figure[]> {
  await using opened = new Closer();
  const mailstop = opened.use(await startMailstop());
  const { smtp, http } = mailstop.ports;
  await greeted(mailstop, smtp);
  const rate = async (milliseconds: number) => {
    const { mails: count, milliseconds: took } = await send(smtp, kept, milliseconds);
    return (count / took) * 1000;
  };
  await rate(warmUp);
  const pairs: { without: number; beside: number }[] = [];
  for (let i = 0; i < rounds; i++) {
    const without = await rate(round);
    const gone = new AbortController();
    const waits = Array.from({ length: WAITS }, (_, n) =>
      ask(http, `q=to:user-${n}@example.org&timeout=600000`, gone.signal),
    );
    await fetch(`http://127.0.0.1:${http}/livez`).then((response) => response.text());
    const beside = await rate(round);
    gone.abort();
    await Promise.allSettled(waits);
    pairs.push({ without, beside });
  }
  const against = {
    name: 'without a wait',
    value: median(pairs.map(({ without }) => without)),
    ratio: median(pairs.map(({ without, beside }) => beside / without)),
  };
  const value = median(pairs.map(({ beside }) => beside));
  return [{ name: `8 connections, 3 KB text, beside ${WAITS} waits`, unit: 'mails/s', value, against, expected: null }];
}

/** @returns the cursor of the answer */
async function ask(port: number, query: string, signal?: AbortSignal): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/messages/wait?${query}`, signal ? { signal } : {});
  const { cursor } = (await response.json()) as { cursor: number };
  if (response.status !== 200) throw new Error(`a wait was answered with ${response.status}`);
  return cursor;
}
