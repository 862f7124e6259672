import { Closer } from '../../server/closer.ts';
import { type Expectation, type Figure, median } from './figure.ts';
import { type Load, send } from './load.ts';
import { mails } from './mails.ts';
import { bareServer, bareServerWithDelay, mailstop, type RunningSubject, type Subject } from './subjects.ts';

/** How often and how long each server is measured, in milliseconds. */
export interface Effort {
  readonly rounds: number;
  readonly warmUp: number;
  readonly round: number;
}

export interface ThroughputCase {
  readonly name: string;
  readonly load: Load;
  readonly against: readonly { readonly subject: Subject; readonly expected: Expectation | null }[];
}

const atLeast = (limit: number): Expectation => ({ at: 'least', limit });

/** @param peer MailDev, when asked for */
export function throughputCases(peer: Subject | null): readonly ThroughputCase[] {
  const beside = (limit: number | null) =>
    peer ? [{ subject: peer, expected: limit === null ? null : atLeast(limit) }] : [];
  const bare = (limit: number | null) => ({ subject: bareServer, expected: limit === null ? null : atLeast(limit) });
  const slow = { subject: bareServerWithDelay, expected: null };
  const kept = { senders: 8, connection: 'kept' } as const;
  return [
    { name: '8 connections, 3 KB text', load: { ...kept, mail: mails.small }, against: [bare(0.85), ...beside(null)] },
    { name: '8 connections, 30 KB HTML', load: { ...kept, mail: mails.html }, against: [bare(0.85), ...beside(5)] },
    {
      name: '8 connections, 1.4 MB attachment',
      load: { ...kept, mail: mails.large },
      against: [bare(0.85), ...beside(null)],
    },
    {
      name: 'a connection per mail, 3 KB text',
      load: { senders: 1, connection: 'new', mail: mails.small },
      against: [bare(null), slow, ...beside(20)],
    },
    {
      name: 'a connection per mail, 8 senders, 3 KB text',
      load: { senders: 8, connection: 'new', mail: mails.small },
      against: [bare(null), slow, ...beside(null)],
    },
  ];
}

/**
 * Measures the servers of a case in turns, so that whatever else the machine does meets them all alike. The ratio is
 * the median of the rounds' ratios.
 * @throws when a server lost a mail that it had accepted
 */
export async function measureThroughput({ name, load, against }: ThroughputCase, effort: Effort): Promise<Figure[]> {
  await using opened = new Closer();
  const subjects = [mailstop, ...against.map(({ subject }) => subject)];
  const running: RunningSubject[] = [];
  for (const subject of subjects) running.push(opened.use(await subject.start()));

  for (const subject of running) await measure(subject, load, effort.warmUp);
  const rounds: number[][] = [];
  for (let round = 0; round < effort.rounds; round++) {
    const order = running.map((_, at) => at);
    if (round % 2 === 1) order.reverse();
    const rates: number[] = [];
    for (const at of order) {
      const subject = running[at];
      if (subject) rates[at] = await measure(subject, load, effort.round);
    }
    rounds.push(rates);
  }

  const rate = (rates: readonly number[], at: number) => rates[at] ?? Number.NaN;
  const value = median(rounds.map((rates) => rate(rates, 0)));
  return against.map(({ subject, expected }, before) => ({
    name,
    unit: 'mails/s',
    value,
    against: {
      name: subject.name,
      value: median(rounds.map((rates) => rate(rates, before + 1))),
      ratio: median(rounds.map((rates) => rate(rates, 0) / rate(rates, before + 1))),
    },
    expected,
  }));
}

/** @returns mails per second, each of them answered with 250 and then found to be there */
async function measure(subject: RunningSubject, load: Load, milliseconds: number): Promise<number> {
  const before = await subject.accepted();
  const sent = await send(subject.smtp, load, milliseconds);
  const arrived = (await subject.accepted()) - before;
  if (arrived !== sent.mails) throw new Error(`${sent.mails} mails were accepted, ${arrived} have arrived`);
  await subject.clear();
  return (sent.mails / sent.milliseconds) * 1000;
}
