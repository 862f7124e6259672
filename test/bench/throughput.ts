import { setTimeout as sleep } from 'node:timers/promises';
import { Closer } from '../../server/closer.ts';
import { type Expectation, type Figure, median } from './figure.ts';
import { type Load, send } from './load.ts';
import { mails } from './mails.ts';
import type { Effort } from './plan.ts';
import {
  bareNet,
  bareServer,
  bareServerWithDelay,
  mailstop,
  mailstopOnDisk,
  type RunningSubject,
  type Subject,
} from './subjects.ts';

export interface ThroughputCase {
  /** For the command line. */
  readonly name: string;
  readonly figure: string;
  readonly load: Load;
  /** Idle time before each round, in milliseconds. */
  readonly rest?: number;
  /** Mailstop, if nothing else is said. */
  readonly subject?: Subject;
  readonly against: readonly { readonly subject: Subject; readonly expected: Expectation | null }[];
}

const atLeast = (limit: number): Expectation => ({ at: 'least', limit });

/** Other servers, when they are asked for. MailDev has expectations of its own. */
export interface Peers {
  readonly mailDev: Subject | null;
  readonly others: readonly Subject[];
}

export function throughputCases({ mailDev, others }: Peers): readonly ThroughputCase[] {
  const beside = (limit: number | null) => [
    ...(mailDev ? [{ subject: mailDev, expected: limit === null ? null : atLeast(limit) }] : []),
    ...others.map((subject) => ({ subject, expected: null })),
  ];
  const bare = (limit: number) => ({ subject: bareServer, expected: atLeast(limit) });
  const net = (limit: number) => ({ subject: bareNet, expected: atLeast(limit) });
  const slow = { subject: bareServerWithDelay, expected: null };
  const kept = { senders: 8, connection: 'kept' } as const;
  return [
    {
      name: 'kept-3k',
      figure: '8 connections, 3 KB text',
      load: { ...kept, mail: mails.small },
      against: [bare(0.9), net(0.7), ...beside(null)],
    },
    {
      name: 'kept-30k',
      figure: '8 connections, 30 KB HTML',
      load: { ...kept, mail: mails.html },
      against: [bare(0.9), ...beside(5)],
    },
    {
      name: 'kept-1400k',
      figure: '8 connections, 1.4 MB attachment',
      load: { ...kept, mail: mails.large },
      against: [bare(0.9), net(0.4), ...beside(null)],
    },
    {
      name: 'new-1',
      figure: 'a connection per mail, 3 KB text',
      load: { senders: 1, connection: 'new', mail: mails.small },
      against: [bare(1), slow, ...beside(20)],
    },
    {
      name: 'new-8',
      figure: 'a connection per mail, 8 senders, 3 KB text',
      load: { senders: 8, connection: 'new', mail: mails.small },
      against: [bare(1), slow, ...beside(null)],
    },
    {
      name: 'burst',
      figure: 'a burst after 15 s of rest, 8 connections, 3 KB text',
      load: { ...kept, mail: mails.small },
      rest: 15_000,
      against: [bare(1)],
    },
    {
      name: 'data',
      figure: 'with --data, 16 connections, 3 KB text',
      load: { senders: 16, connection: 'kept', mail: mails.small },
      subject: mailstopOnDisk,
      against: [{ subject: { ...mailstop, name: 'in memory' }, expected: atLeast(0.5) }],
    },
  ];
}

/**
 * Measures the servers of a case alternately, so that other load affects all alike. The ratio is the median of the
 * rounds' ratios.
 * @throws when a server lost a mail that it had accepted
 */
export async function measureThroughput(what: ThroughputCase, effort: Effort): Promise<Figure[]> {
  const { figure, load, against } = what;
  await using opened = new Closer();
  const subjects = [what.subject ?? mailstop, ...against.map(({ subject }) => subject)];
  const running: RunningSubject[] = [];
  for (const subject of subjects) running.push(opened.use(await subject.start()));

  for (const subject of running) await measure(subject, load, effort.warmUp);
  const rounds: number[][] = [];
  for (let round = 0; round < effort.rounds; round++) {
    if (what.rest) await sleep(what.rest);
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
    name: figure,
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

/** @returns mails per second that got a 250 and, if that can be checked, were stored */
export async function measure(subject: RunningSubject, load: Load, milliseconds: number): Promise<number> {
  const before = await subject.accepted();
  const sent = await send(subject.smtp, load, milliseconds);
  const after = await subject.accepted();
  const arrived = before === null || after === null ? sent.mails : after - before;
  if (arrived !== sent.mails) throw new Error(`${sent.mails} mails were accepted, ${arrived} have arrived`);
  await subject.clear();
  return (sent.mails / sent.milliseconds) * 1000;
}
