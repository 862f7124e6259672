import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, isMet } from './figure.ts';
import { measureIdleMemory, measureStart } from './footprint.ts';
import { installMailDev } from './peers.ts';
import { measureRetrieval, measureUidl } from './retrieval.ts';
import { measureSandbox } from './sandbox.ts';
import { measureSearch } from './searching.ts';
import { mailDev } from './subjects.ts';
import { table } from './table.ts';
import { measureThroughput, throughputCases } from './throughput.ts';
import { measureIdleWaits, measureWaits } from './waiting.ts';

const USAGE = `usage: npm run bench -- [options]
  --peers      compare with MailDev, too (installs it into .peers/)
  --only NAME  only the figures that have this in their name
  --quick      short rounds: a glance, not a result
  --json       the figures as JSON`;

const FULL = { rounds: 7, warmUp: 3_000, round: 1_500, manyMails: 100_000 };
const QUICK = { rounds: 3, warmUp: 500, round: 400, manyMails: 10_000 };

/** A measurement by the name of the figures it gives. */
interface Measurement {
  readonly name: string;
  run(): Promise<readonly Figure[]>;
}

function plan(peers: boolean, effort: typeof FULL): readonly Measurement[] {
  const throughput = throughputCases(peers ? mailDev(installMailDev()) : null);
  return [
    ...throughput.map((what) => ({ name: what.name, run: () => measureThroughput(what, effort) })),
    { name: 'POP3, RETR', run: () => measureRetrieval(effort) },
    { name: 'POP3, UIDL', run: () => measureUidl(effort.manyMails, 1_000) },
    { name: 'from the 250 to the answer of a wait', run: measureWaits },
    { name: 'beside 1000 waits', run: () => measureIdleWaits(effort) },
    { name: 'search', run: () => measureSearch(effort.manyMails) },
    { name: 'start to first greeting', run: () => measureStart(effort.rounds) },
    { name: 'start and stop of a sandbox', run: () => measureSandbox(200) },
    { name: 'resident memory when idle', run: measureIdleMemory },
  ];
}

function readOptions() {
  try {
    const options = {
      peers: { type: 'boolean' },
      only: { type: 'string' },
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
    } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}

const { peers = false, only = '', quick = false, json = false } = readOptions();
const figures: Figure[] = [];
for (const measurement of plan(peers, quick ? QUICK : FULL)) {
  if (!measurement.name.includes(only)) continue;
  console.error(`measuring: ${measurement.name}`);
  figures.push(...(await measurement.run()));
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${process.platform}`;
console.log(json ? JSON.stringify({ machine, figures }, null, 2) : `\n${machine}\n\n${table(figures)}`);
if (figures.length === 0 || figures.some((figure) => isMet(figure) === false)) process.exitCode = 1;
