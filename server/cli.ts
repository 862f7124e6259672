#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { type Flags, readConfig, settings } from './config.ts';
import { MailstopError } from './errors.ts';
import { serve } from './serve.ts';
import { flagOf, type Setting, variableOf } from './settings.ts';

/** Exit codes, for scripts to tell apart. */
const FINE = 0;
const USAGE = 2;
const UNREACHABLE = 3;

async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv);
    return FINE;
  } catch (error) {
    // Commander has already printed what was wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : USAGE;
    if (!(error instanceof MailstopError)) throw error;
    process.stderr.write(`mailstop: ${error.message}\n`);
    if (error.code === 'bad-config') return USAGE;
    if (error.code === 'cannot-open-data') return UNREACHABLE;
    process.stderr.write(
      'Stop what is in the way, or choose another port with --smtp-port, --http-port or --pop3-port; 0 is any free one.\n',
    );
    return UNREACHABLE;
  }
}

function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('#package') as { version: string };
  const program = new Command('mailstop')
    .description(
      'Takes every mail that an app under test sends and shows it:\nSMTP in; a live inbox, POP3 and a REST API out.',
    )
    .usage('[serve] [flags]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .showHelpAfterError('mailstop --help lists all flags.')
    .addHelpText('after', AFTER_HELP);
  const start = (flags: Flags) => serve(readConfig(flags, process.env), version);
  addSettings(program).action(start);
  addSettings(program.command('serve', { hidden: true })).action(start);
  return program;
}

function addSettings(command: Command): Command {
  for (const [key, setting] of Object.entries<Setting<unknown>>(settings)) {
    const { kind, fallback, help } = setting;
    const shown = kind.show(fallback);
    command.option(`${flagOf(key)} ${kind.placeholder}`, shown === '' ? help : `${help} (${shown})`);
  }
  return command;
}

const AFTER_HELP = `
Each flag has a variable in the environment: ${flagOf('smtpPort')} is ${variableOf('smtpPort')}.

Examples:
  mailstop                               SMTP on 1025, inbox on http://localhost:8025, POP3 on 1110
  mailstop --smtp-port 0 --http-port 0   any free ports, printed at the start
  mailstop --host 0.0.0.0                reachable from containers and other machines

Exit codes: 0 fine, 2 wrong usage, 3 cannot listen or open the folder.
`;

process.exitCode = await main(process.argv);
