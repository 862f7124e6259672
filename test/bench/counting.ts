import { connect } from '../../client/node.ts';
import { Closer } from '../../server/closer.ts';
import { greeted } from './child.ts';
import { type Figure, median } from './figure.ts';
import { mails } from './mails.ts';
import type { Effort } from './plan.ts';
import { SmtpClient } from './smtp-client.ts';
import { startMailstop } from './subjects.ts';

const COUNT = 200;

/** What many mails cost a test: sending them one by one, and getting them from `waitForCount`. */
export async function measureCounting({ rounds }: Effort): Promise<Figure[]> {
  await using opened = new Closer();
  const mailstop = opened.use(await startMailstop());
  await greeted(mailstop, mailstop.ports.smtp);
  const sender = opened.use(await SmtpClient.open(mailstop.ports.smtp));
  await sender.hello();
  const sandbox = opened.use(await connect(`http://127.0.0.1:${mailstop.ports.http}`, { timeout: 60_000 }));
  const pairs: { sent: number; given: number }[] = [];
  // The first round warms up both ends.
  for (let round = 0; round <= rounds; round++) {
    const mailbox = sandbox.mailbox('bench');
    const start = performance.now();
    for (let i = 0; i < COUNT; i++) await sender.deliver(mails.small.body, [mailbox.address]);
    const sent = performance.now();
    const { length } = await mailbox.waitForCount(COUNT);
    const given = performance.now();
    if (length !== COUNT) throw new Error(`waitForCount(${COUNT}) gave ${length} mails`);
    if (round > 0) pairs.push({ sent: sent - start, given: given - sent });
    await sandbox.clear();
  }
  const against = {
    name: `sending ${COUNT}`,
    value: median(pairs.map(({ sent }) => sent)),
    ratio: median(pairs.map(({ sent, given }) => given / sent)),
  };
  const value = median(pairs.map(({ given }) => given));
  return [{ name: `waitForCount(${COUNT})`, unit: 'ms', value, against, expected: { at: 'most', limit: 2 } }];
}
