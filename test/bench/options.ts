import { accessSync, constants } from 'node:fs';
import { parseArgs } from 'node:util';

/** A server that runs already. */
export interface RunningServer {
  readonly name: string;
  readonly smtp: { readonly host: string; readonly port: number };
  /** The URL to delete mail at; null if not given. */
  readonly http: URL | null;
}

export interface Options {
  readonly help: boolean;
  /** Compare with MailDev, and with Mailpit where `mailpit` is given. */
  readonly peers: boolean;
  /** The program of Mailpit. */
  readonly mailpit: string | null;
  readonly servers: readonly RunningServer[];
  /** Parts of the names of what is measured; all of it when there are none. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly print: 'table' | 'json' | 'markdown';
}

/** Wrong arguments; the message says what is expected. */
export class UsageError extends Error {}

const flags = {
  help: { type: 'boolean', short: 'h' },
  peers: { type: 'boolean' },
  server: { type: 'string', multiple: true },
  only: { type: 'string', multiple: true },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
} as const;

/**
 * @param names of all that can be measured
 * @throws {UsageError}
 */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, names: readonly string[]): Options {
  const given = parse(argv);
  const only = (given.only ?? []).flatMap((list) => list.split(',')).map((name) => name.trim());
  for (const name of only) {
    if (name === '' || !names.some((known) => known.includes(name)))
      throw new UsageError(`--only must be part of one of these names, or several with commas, got "${name}":
  ${names.join('\n  ')}`);
  }
  if (given.json && given.markdown) throw new UsageError('--json and --markdown are given: one of them can be printed');
  const { help = false, peers = false, quick = false } = given;
  return {
    help,
    peers,
    mailpit: peers ? mailpitOf(env['MAILPIT_BIN']) : null,
    servers: (given.server ?? []).map(serverOf),
    only,
    quick,
    print: given.json ? 'json' : given.markdown ? 'markdown' : 'table',
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function mailpitOf(path: string | undefined): string | null {
  if (path === undefined || path === '') return null;
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    throw new UsageError(`MAILPIT_BIN must be a program that can be run, got "${path}"`);
  }
}

/** `name=smtp://host:port,http://host:port`; the name and the second address may be left out. */
function serverOf(text: string): RunningServer {
  const [, name, smtp = '', http] = /^(?:([^=:/]+)=)?([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  const [at, api] = [urlOf(smtp, 'smtp:'), http === undefined ? null : urlOf(http, 'http:')];
  if (at === null || at.port === '' || (http !== undefined && api === null))
    throw new UsageError(`--server must be like smtp://127.0.0.1:2525,http://127.0.0.1:8025, got "${text}"`);
  return {
    name: name ?? at.host,
    smtp: { host: at.hostname.replace(/^\[|\]$/g, ''), port: Number(at.port) },
    http: api,
  };
}

function urlOf(text: string, protocol: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === protocol ? url : null;
}
