import { Closer } from '../../server/closer.ts';
import { WorstClient } from '../worst/client.ts';
import { mails, namesForPop3 } from '../worst/mails.ts';
import { octetsFromPop3 } from '../worst/pop3-client.ts';
import { LONGEST, measures, ProbedServer } from '../worst/probed-server.ts';
import { expectations, queries } from '../worst/queries.ts';
import type { Figure } from './figure.ts';

/** How many of the slowest inputs stderr lists. */
const LISTED = 5;

/** The longest CPU time that one turn of the event loop takes, over the inputs that the tests keep below the same limit. */
export async function measureWorstInputs(): Promise<Figure[]> {
  if (!measures) {
    console.error('  not measured: only Linux reports the CPU time of a thread');
    return [];
  }
  await using opened = new Closer();
  const server = opened.use(await ProbedServer.start('--max-bytes', '1GiB'));
  const client = new WorstClient(server.url);
  const clear = () => client.clear();
  await client.warmUp();
  const held: { name: string; value: number }[] = [];
  const measure = async (name: string, work: () => Promise<unknown>, after?: () => Promise<unknown>) => {
    held.push({ name, value: await server.leastHeldBy(work, after) });
  };

  for (const [name, make] of Object.entries(mails)) {
    const mail = make();
    await measure(name, () => client.readAndSearch(mail), clear);
  }
  for (const name of namesForPop3) {
    const mail = mails[name]?.() ?? Buffer.alloc(0);
    const fetch = async () => {
      await client.put(mail);
      await octetsFromPop3(server.pop3);
    };
    await measure(`POP3, ${name}`, fetch, clear);
  }
  await client.storeLongMails();
  for (const [name, q] of Object.entries(queries)) await measure(`query, ${name}`, () => client.search(q));
  for (const [name, body] of Object.entries(expectations))
    await measure(`expectation, ${name}`, () => client.expect(body));

  held.sort((a, b) => b.value - a.value);
  for (const { name, value } of held.slice(0, LISTED)) console.error(`  ${name}: ${value.toFixed(1)} ms of CPU`);
  return [
    {
      name: `main thread held, CPU, worst of ${held.length} inputs`,
      unit: 'ms',
      value: Math.max(...held.map(({ value }) => value)),
      against: null,
      expected: { at: 'most', limit: LONGEST },
    },
  ];
}
