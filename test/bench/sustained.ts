import { Closer } from '../../server/closer.ts';
import { type Figure, median } from './figure.ts';
import { mails } from './mails.ts';
import type { Effort } from './plan.ts';
import { mailstop, mailstopOnDisk } from './subjects.ts';
import { measure } from './throughput.ts';

const load = { senders: 16, connection: 'kept', mail: mails.small } as const;

/**
 * How much of the in-memory rate remains once more mail waits for its files than allowed. The in-memory rate is constant,
 * so it is only measured briefly, before and after.
 */
export async function measureSustained({ warmUp, round, rounds, sustained }: Effort): Promise<Figure[]> {
  await using opened = new Closer();
  const inMemory = opened.use(await mailstop.start());
  const onDisk = opened.use(await mailstopOnDisk.start());
  for (const subject of [inMemory, onDisk]) await measure(subject, load, warmUp);
  const rates: number[] = [];
  const someRounds = async () => {
    for (let i = 0; i < rounds; i++) rates.push(await measure(inMemory, load, round));
  };
  await someRounds();
  const value = await measure(onDisk, load, sustained);
  await someRounds();
  const memory = median(rates);
  return [
    {
      name: `with --data, 16 connections that never pause for ${sustained / 1000} s, 3 KB text`,
      unit: 'mails/s',
      value,
      against: { name: 'in memory', value: memory, ratio: value / memory },
      expected: { at: 'least', limit: 0.5 },
    },
  ];
}
