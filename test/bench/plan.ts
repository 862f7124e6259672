import { measureCodes } from './codes.ts';
import { measureCounting } from './counting.ts';
import { measureDelays } from './delays.ts';
import { measureFeed } from './feeding.ts';
import type { Figure } from './figure.ts';
import { measureIdleMemory, measureStart } from './footprint.ts';
import { measureHeldMemory } from './memory-held.ts';
import { measureQueuedSearches } from './queued-searches.ts';
import { measureRetrieval, measureUidl } from './retrieval.ts';
import { measureSandbox } from './sandbox.ts';
import { measureSearch } from './searching.ts';
import { measureStartOnDisk } from './start-on-disk.ts';
import type { Stock } from './stock.ts';
import { measureStored } from './stored.ts';
import { measureSustained } from './sustained.ts';
import { measureThroughput, type Peers, throughputCases } from './throughput.ts';
import { measureIdleWaits, measureWaits } from './waiting.ts';
import { measureWorstInputs } from './worst-inputs.ts';

/** How much is done for a figure. Times are milliseconds. */
export interface Effort {
  readonly rounds: number;
  readonly warmUp: number;
  readonly round: number;
  readonly manyMails: number;
  readonly heldMails: number;
  /** How long senders send without a pause. */
  readonly sustained: number;
}

export const FULL: Effort = {
  rounds: 9,
  warmUp: 2_000,
  round: 800,
  manyMails: 100_000,
  heldMails: 10_000,
  sustained: 60_000,
};
export const QUICK: Effort = {
  rounds: 3,
  warmUp: 500,
  round: 400,
  manyMails: 5_000,
  heldMails: 1_000,
  sustained: 5_000,
};

/** A measurement, by a name for the command line. */
export interface Measurement {
  readonly name: string;
  /** What it measures, for `--help`. */
  readonly about: string;
  run(effort: Effort, stock: Stock): Promise<readonly Figure[]>;
}

/** All measurements in their order. Those that share a server full of mail come last, when nothing runs beside it. */
export function plan(peers: Peers): readonly Measurement[] {
  return [
    ...throughputCases(peers).map((what) => ({
      name: what.name,
      about: `mails/s: ${what.figure}`,
      run: (effort: Effort) => measureThroughput(what, effort),
    })),
    {
      name: 'sustained',
      about: 'mails/s with --data while 16 senders never pause',
      run: (effort) => measureSustained(effort),
    },
    { name: 'pop3-retr', about: 'RETR/s', run: (effort) => measureRetrieval(effort) },
    { name: 'wait', about: 'from the 250 to the answer of a wait', run: () => measureWaits() },
    { name: 'wait-count', about: 'waitForCount(200), beside sending 200', run: (effort) => measureCounting(effort) },
    { name: 'idle-waits', about: 'mails/s beside 1,000 open waits', run: (effort) => measureIdleWaits(effort) },
    {
      name: 'feed',
      about: 'from the 250 to the frame of the feed',
      run: ({ rounds, round }) => measureFeed(rounds * round),
    },
    {
      name: 'delay',
      about: 'event loop delay under load, and while the worst mails are parsed',
      run: ({ rounds, round }) => measureDelays(rounds * round),
    },
    {
      name: 'worst-input',
      about: 'longest hold of the main thread, in CPU time, over the worst inputs',
      run: () => measureWorstInputs(),
    },
    { name: 'codes', about: 'CPU time to look for one-time codes in 5 KB', run: () => measureCodes() },
    { name: 'start', about: 'start to first greeting', run: ({ rounds }) => measureStart(rounds) },
    { name: 'sandbox', about: 'start and stop of a sandbox in this process', run: () => measureSandbox(200) },
    { name: 'idle-memory', about: 'resident memory of an unused server', run: () => measureIdleMemory() },
    {
      name: 'memory',
      about: 'resident memory with 10,000 mails of 30 KB, in memory and on disk',
      run: ({ heldMails }) => measureHeldMemory(heldMails),
    },
    {
      name: 'disk-start',
      about: 'start with 100,000 mails on disk',
      run: ({ manyMails }) => measureStartOnDisk(manyMails),
    },
    {
      name: 'search',
      about: 'search over 100,000 mails, and until their texts are ready',
      run: ({ manyMails }, stock) => measureSearch(stock, manyMails),
    },
    {
      name: 'stored',
      about: 'first page, one mail, delete one, counts: of 100,000 mails beside 1,000 and 10',
      run: ({ manyMails }, stock) => measureStored(stock, manyMails),
    },
    {
      name: 'pop3-uidl',
      about: 'POP3 login and UIDL over 100,000 mails',
      run: ({ manyMails }, stock) => measureUidl(stock, manyMails, 1_000),
    },
    {
      // Last, since its own mails push out some of the stock.
      name: 'queued-searches',
      about: 'SMTP and waits while 1,000 searches with a regular expression are queued',
      run: ({ heldMails }, stock) => measureQueuedSearches(stock, heldMails),
    },
  ];
}
