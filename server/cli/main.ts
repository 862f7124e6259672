import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { isExhausted, kindOf, MailstopError } from '../../wire/errors.ts';
import { similar } from '../../wire/similar.ts';
import { readConfig, serviceLinks, settings, unknownVariables } from '../config/config.ts';
import { type Flag, type Found, flagOf, variableOf } from '../config/flag.ts';
import { addVerbs, loadVerbs, optionOf, runOwn } from './command.ts';
import { exitCodeOf, FINE, USAGE } from './exit.ts';
import { common, smtp } from './flags/common.ts';
import { endQuietly } from './output/output.ts';
import { verbs } from './verbs/table.ts';

interface Around {
  /** Called when everything is loaded and running. */
  readonly started: () => void;
  /** Stops the server. */
  readonly stop: AbortSignal;
}

/** @returns the exit code */
export async function main(args: readonly string[], around: Around): Promise<number> {
  endQuietly(process.stdout);
  const loaded = await loadVerbs(args);
  const own = runOwn(args, loaded);
  if (own) return own;
  let code = FINE;
  const program = createProgram(around);
  addVerbs(program, loaded, async (running) => {
    code = await running;
  });
  const [first = '', second] = args;
  const [named] = loaded.keys();
  if (first.startsWith('-') && named !== undefined)
    program.showHelpAfterError(`The flags of a verb come after it: mailstop ${named} [flags]`);
  try {
    // Before commander sees --help: it would print the help and not mention that the verb is unknown.
    const verb = first === 'help' ? second : first;
    if (verb !== undefined && /^[^-]/.test(verb) && !isVerb(verb)) unknownVerb(program, verb);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already printed the error, or the requested help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : USAGE;
    const failed = exitCodeOf(error);
    if (failed === null || !(error instanceof MailstopError)) throw error;
    // Rethrow: the entry point explains what could not be opened.
    if (isExhausted(error.cause)) throw error.cause;
    process.stderr.write(`mailstop: ${error.message}\n`);
    if (error.code === 'cannot-listen') process.stderr.write(`${wayOut(error.cause)}\n`);
    return failed;
  }
}

/** What to do about a listener that did not start. */
function wayOut(cause: unknown): string {
  const code = kindOf(cause);
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? 'Stop the other program, or choose another port with --smtp-port, --http-port or --pop3-port; 0 takes any free one.'
    : '--host takes an address of this machine: 127.0.0.1 for this machine alone, 0.0.0.0 for all of its addresses.';
}

const OTHERS = ['serve', 'help'];

function isVerb(name: string): boolean {
  return Object.hasOwn(verbs, name) || OTHERS.includes(name);
}

function unknownVerb(program: Command, verb: string): never {
  const meant = similar(verb, [...Object.keys(verbs), ...OTHERS]);
  const hint = meant === null ? '' : `\n(Did you mean ${meant}?)`;
  program.error(`error: unknown verb '${verb}'${hint}`, { exitCode: USAGE });
}

function createProgram({ started, stop }: Around): Command {
  const { version } = createRequire(import.meta.url)('#package') as { version: string };
  const program = new Command('mailstop')
    .description(
      'Accepts every mail that an app under test sends, and shows it:\nSMTP in; a live inbox, POP3 and a REST API out.\nWith a verb, it works on the mail of a running Mailstop.',
    )
    .usage('[serve] [flags]\n       mailstop <verb> [flags] [query]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .commandsGroup('Help:')
    .helpCommand('help [verb]', 'show the flags of a verb, with examples')
    .argument('[verb]')
    .exitOverride()
    // Anything after a verb belongs to the verb.
    .enablePositionalOptions()
    .showHelpAfterError('mailstop --help lists all verbs and flags.')
    .optionsGroup('Flags of serve, the default without a verb:')
    .addHelpText('after', AFTER_HELP);
  const start = async (flags: Found) => {
    const config = readConfig(flags, process.env);
    // Loaded on demand: a verb does not need the server.
    const { serve } = await import('./serve.ts');
    const unknown = unknownVariables(process.env, Object.keys({ ...common, smtp }));
    await serve(config, { version, stop, started, unknown, links: serviceLinks(process.env) });
  };
  program.hook('preAction', (_, action) => {
    const [flag] = Object.keys(program.opts());
    if (flag === undefined || action === program || action.name() === 'serve') return;
    const name = action.name();
    program.error(`error: ${flagOf(flag)} is a flag of serve, not of ${name}`, { exitCode: USAGE });
  });
  addSettings(program).action((verb: string | undefined, flags: Found) => {
    if (verb === undefined) return start(flags);
    unknownVerb(program, verb);
  });
  addSettings(program.command('serve', { hidden: true }))
    .description('Runs Mailstop until it is stopped. This is the default without a verb.')
    .action((flags: Found) => start({ ...program.opts<Found>(), ...flags }));
  return program;
}

function addSettings(command: Command): Command {
  for (const [key, setting] of Object.entries<Flag<unknown>>(settings)) command.addOption(optionOf(key, setting));
  return command;
}

const AFTER_HELP = `
Each of these flags has an environment variable: ${flagOf('smtpPort')} is ${variableOf('smtpPort')}.
Verbs talk to the Mailstop at --url or MAILSTOP_URL; the default is http://127.0.0.1:8025.

Examples:
  mailstop                               SMTP on 1025, inbox on http://localhost:8025, POP3 on 1110
  mailstop --smtp-port 0 --http-port 0   any free ports; they are printed at the start
  mailstop --host 0.0.0.0                can be reached from containers and other machines
  mailstop wait to:ada@example.test      wait for mail to Ada, and print it
  mailstop help wait                     show the flags of wait, with examples

Exit codes: 0 success, 1 expectation not met, 2 wrong usage, 3 cannot listen, open --data or reach Mailstop.
`;
