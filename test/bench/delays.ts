import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { greeted } from './child.ts';
import { type Figure, percentile } from './figure.ts';
import { ask } from './http-client.ts';
import { send } from './load.ts';
import { mails, type WireMail } from './mails.ts';
import { SmtpClient } from './smtp-client.ts';
import { launch, type Mailstop } from './subjects.ts';
import { worstMails } from './worst-mails.ts';

/** Minimum time to watch while a mail is parsed, in milliseconds. */
const WINDOW_MS = 1000;
const LIMIT_MS = 50;

const PROBE = join(import.meta.dirname, 'loop-probe.mjs');

/** The delay of a server's event loop: how long new input waits. */
export async function measureDelays(milliseconds: number): Promise<Figure[]> {
  await using mailstop = await launch(() => [], { node: ['--import', PROBE], ipc: true });
  const { smtp } = mailstop.ports;
  await greeted(mailstop, smtp);
  const load = { senders: 8, connection: 'kept', mail: mails.html } as const;
  await send(smtp, load, milliseconds / 4);
  await delaysSince(mailstop);
  await send(smtp, load, milliseconds);
  const underLoad = percentile(await delaysSince(mailstop), 0.99);

  let worst = 0;
  for (const mail of worstMails) {
    const delay = percentile(await delaysWhileParsing(mailstop, mail), 0.99);
    console.error(`  ${mail.name}: ${delay.toFixed(1)} ms`);
    worst = Math.max(worst, delay);
  }
  const figure = (what: string, value: number): Figure => ({
    name: `event loop delay, 99 %, ${what}`,
    unit: 'ms',
    value,
    against: null,
    expected: { at: 'most', limit: LIMIT_MS },
  });
  return [
    figure('8 connections, 30 KB HTML', underLoad),
    figure(`at the worst of ${worstMails.length} mails made to be slow`, worst),
  ];
}

/** From the arrival of a mail until it is read like in an inbox, while another sender continues. */
async function delaysWhileParsing(mailstop: Mailstop, mail: WireMail): Promise<readonly number[]> {
  const { smtp, http } = mailstop.ports;
  await delaysSince(mailstop);
  const until = performance.now() + WINDOW_MS;
  await using client = await SmtpClient.open(smtp);
  await client.hello();
  const id = SmtpClient.idIn(await client.deliver(mail.body));
  const read = ask(`http://127.0.0.1:${http}/api/messages/${id}`).then((response) => response.arrayBuffer());
  let reading = true;
  const over = read.finally(() => {
    reading = false;
  });
  while (reading || performance.now() < until) {
    await client.deliver(mails.small.body);
    await sleep(5);
  }
  await over;
  return delaysSince(mailstop);
}

const report = z.object({ delays: z.array(z.number()) });

async function delaysSince({ process }: Mailstop): Promise<readonly number[]> {
  process.send('how late?');
  const [answer] = await once(process, 'message');
  return report.parse(answer).delays;
}
