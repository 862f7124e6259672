import { cpus } from 'node:os';
import { type Figure, isMet } from './figure.ts';
import { installMailDev } from './install-maildev.ts';
import { type Options, readOptions, UsageError } from './options.ts';
import { mailDev, mailpit, running } from './peers.ts';
import { FULL, plan, QUICK } from './plan.ts';
import { Stock } from './stock.ts';
import { line, markdown, table } from './table.ts';
import type { Peers } from './throughput.ts';

const USAGE = `usage: npm run bench -- [options]
  --only NAME[,NAME]   only the measurements that have this in their name
  --quick              short rounds and few mails: a glance, not a result
  --json, --markdown   how the figures are printed, instead of as a table; Markdown is a page
  --peers              the mails/s of MailDev 3.0.0, too (installed into .peers/), and of
                       Mailpit when the variable MAILPIT_BIN names its program
  --server [NAME=]smtp://HOST:PORT[,http://HOST:PORT]
                       those of a server that runs already, several if given several times;
                       over HTTP it is told to delete ALL its mail after each turn
  --help, -h           this

Progress goes to stderr, the figures to stdout. Ends with 1 when an expectation is not met or a
measurement fails, with 2 for wrong usage.

measurements:
${plan({ mailDev: null, others: [] })
  .map(({ name, about }) => `  ${name.padEnd(12)} ${about}`)
  .join('\n')}`;

/** @throws {UsageError} */
function peersOf({ peers, mailpit: command, servers }: Options): Peers {
  return {
    mailDev: peers ? mailDev(installMailDev()) : null,
    others: [...(command === null ? [] : [mailpit(command)]), ...servers.map(running)],
  };
}

async function measure(options: Options): Promise<void> {
  const figures: Figure[] = [];
  const failures: string[] = [];
  await using stock = new Stock();
  for (const { name, run } of plan(peersOf(options))) {
    if (options.only.length > 0 && !options.only.some((part) => name.includes(part))) continue;
    console.error(`measuring: ${name}`);
    try {
      const measured = await run(options.quick ? QUICK : FULL, stock);
      for (const figure of measured) console.error(`  ${line(figure)}`);
      figures.push(...measured);
    } catch (error) {
      // Continue with the other measurements.
      failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
      console.error(`  failed: ${error instanceof Error ? error.stack : error}`);
    }
  }
  console.log(printed(figures, failures, options.print));
  if (failures.length > 0 || figures.some((figure) => isMet(figure) === false)) process.exitCode = 1;
}

function printed(figures: readonly Figure[], failures: readonly string[], as: Options['print']): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${process.platform}`;
  const failed = failures.map((failure) => `\n\nnot measured: ${failure}`).join('');
  switch (as) {
    case 'json': {
      const judged = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
      return JSON.stringify({ machine, figures: judged, failures }, null, 2);
    }
    case 'markdown':
      return `# The last full run\n\n${new Date().toISOString().slice(0, 10)}, on ${machine}.\n\n${markdown(figures)}${failed}`;
    case 'table':
      return `\n${machine}\n\n${table(figures)}${failed}`;
  }
}

try {
  const names = plan({ mailDev: null, others: [] }).map(({ name }) => name);
  const options = readOptions(process.argv.slice(2), process.env, names);
  if (options.help) console.log(USAGE);
  else await measure(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
