import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Closer } from '../../server/closer.ts';
import { greeted } from './child.ts';
import { type Figure, median, percentile } from './figure.ts';
import { mails } from './mails.ts';
import { SmtpClient } from './smtp-client.ts';
import { startMailstop } from './subjects.ts';

const MAILS_PER_SECOND = 200;
const SENDERS = 8;

/** From the 250 that a sender reads to the frame of the feed, while mails come at a steady pace. */
export async function measureFeed(milliseconds: number): Promise<Figure[]> {
  await using opened = new Closer();
  const mailstop = opened.use(await startMailstop());
  const { smtp, http } = mailstop.ports;
  await greeted(mailstop, smtp);
  const framed = new Map<string, number>();
  const feed = new WebSocket(`ws://127.0.0.1:${http}/api/feed`);
  opened.defer(() => feed.terminate());
  await once(feed, 'message');
  feed.on('message', (text) => {
    const at = performance.now();
    const frame = JSON.parse(String(text));
    if (frame.type === 'added') framed.set(frame.message.id, at);
  });

  const count = Math.floor((milliseconds / 1000) * MAILS_PER_SECOND);
  const accepted = new Map<string, number>();
  const start = performance.now();
  const sender = async (first: number) => {
    const client = opened.use(await SmtpClient.open(smtp));
    await client.hello();
    for (let n = first; n < count; n += SENDERS) {
      const due = start + (n / MAILS_PER_SECOND) * 1000;
      await sleep(Math.max(0, due - performance.now()));
      const reply = await client.deliver(mails.small.body);
      accepted.set(SmtpClient.idIn(reply), performance.now());
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, first) => sender(first)));
  while (framed.size < count && performance.now() < start + 2 * milliseconds + 5000) await sleep(10);

  // The frame may overtake the 250, which takes another connection.
  const times = [...accepted].map(([id, at]) => Math.max(0, (framed.get(id) ?? Number.POSITIVE_INFINITY) - at));
  const figure = (what: string, value: number, limit: number): Figure => ({
    name: `from the 250 to the frame of the feed at ${MAILS_PER_SECOND} mails/s, ${what}`,
    unit: 'ms',
    value,
    against: null,
    expected: { at: 'most', limit },
  });
  return [figure('median', median(times), 5), figure('99 %', percentile(times, 0.99), 50)];
}
