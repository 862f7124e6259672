import { type Command, Option } from 'commander';
import { ApiError, createApi } from '../../client/index.ts';
import { MailstopError } from '../../wire/errors.ts';
import { type Flag, type FlagTable, type Found, flagOf, readFlags, variableOf } from '../config/flag.ts';
import { exitCodeOf, messageOf } from './exit.ts';
import { common } from './flags/common.ts';
import { createOutput, harmless } from './output/output.ts';
import { queryOf } from './verbs/listing.ts';
import { verbs } from './verbs/table.ts';
import type { Verb, VerbOf } from './verbs/verb.ts';

type Loaded = ReadonlyMap<string, Verb>;

/** Loads only the verbs named in the arguments, because loading takes time. */
export async function loadVerbs(args: readonly string[]): Promise<Loaded> {
  const loaded = new Map<string, Verb>();
  for (const name of args) {
    const entry = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (entry) loaded.set(name, await entry.load());
  }
  return loaded;
}

/** Adds all verbs to the program, with the flags of those that are loaded. @param ran receives each run's exit code */
export function addVerbs(program: Command, loaded: Loaded, ran: (code: Promise<number>) => Promise<void>): void {
  for (const [name, { group, summary }] of Object.entries(verbs)) {
    const command = program.command(name).summary(summary).helpGroup(group);
    const verb = loaded.get(name);
    if (verb && 'help' in verb) command.configureHelp({ formatHelp: () => verb.help });
    else if (verb) define(command, verb).action(() => ran(run(verb, command.opts(), command.args)));
  }
}

/** Runs a verb that parses its own arguments; null if the arguments name none. */
export function runOwn([name = '', ...args]: readonly string[], loaded: Loaded): Promise<number> | null {
  const verb = loaded.get(name);
  return verb && 'runOwn' in verb ? verb.runOwn(surroundings(), args) : null;
}

function define(command: Command, verb: VerbOf<FlagTable>): Command {
  command
    .description(verb.about.replaceAll('\n', ' '))
    .usage(verb.takes === '' ? '[flags]' : `[flags] ${verb.takes}`)
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`mailstop help ${command.name()} shows how to use it.`)
    .addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}\n`).join('')}`);
  if (verb.takes !== '') command.argument('[args...]');
  for (const [key, flag] of Object.entries<Flag<unknown>>({ ...verb.flags, ...common }))
    command.addOption(optionOf(key, flag));
  return command;
}

/** A flag as a commander option, with its help line. */
export function optionOf(key: string, { kind, fallback, help, short, repeats, variable }: Flag<unknown>): Option {
  const shown = repeats ? '' : kind.show(fallback);
  const facts = [shown, repeats ? 'may be repeated' : '', variable ? `or ${variableOf(key)}` : ''].filter(
    (fact) => fact !== '',
  );
  const flags = `${short ? `-${short}, ` : ''}${flagOf(key)} ${kind.placeholder}`.trim();
  const option = new Option(flags, facts.length > 0 ? `${help} (${facts.join('; ')})` : help);
  if (repeats) option.argParser((text, before: readonly string[] = []) => [...before, text]);
  return option;
}

async function run(verb: VerbOf<FlagTable>, found: Found, args: readonly string[]): Promise<number> {
  const around = surroundings();
  let url = common.url.fallback;
  try {
    const { url: given, ...flags } = readFlags({ ...verb.flags, ...common }, found, around.env);
    url = given;
    return await verb.run({ ...around, url, api: createApi(url) }, flags, args);
  } catch (error) {
    const code = exitCodeOf(error);
    // A server that answers with a page instead of JSON is not Mailstop.
    const known = error instanceof SyntaxError ? new ApiError('unknown', 0, 'it does not answer in JSON') : error;
    if (!(known instanceof ApiError || known instanceof MailstopError)) throw error;
    await around.err.line(harmless(messageOf(known, url, queryOf(args))));
    return code ?? exitCodeOf(known) ?? 1;
  }
}

function surroundings() {
  const { stdin, stdout, stderr, env } = process;
  return { out: createOutput(stdout, env), err: createOutput(stderr, env), stdin, env, now: () => new Date() };
}
