import { MailstopError } from '../../wire/errors.ts';
import { similar } from '../../wire/similar.ts';
import { type Found, flagOf, PREFIX, readFlags, type Values, variableOf } from './flag.ts';
import { file, logins, oneOf, port, portOrOff, size, sizeOrOff, spanOrOff, whole, yesOrNo } from './kinds.ts';
import { host, hostNames, origins } from './places.ts';

/** Every setting of the server: flag, kind of value, default and help line. */
export const settings = {
  host: {
    kind: host,
    fallback: '127.0.0.1',
    help: 'address to listen on; 0.0.0.0 means all addresses of this machine',
  },
  smtpPort: { kind: port, fallback: 1025, help: 'SMTP port; 0 picks any free port' },
  httpPort: { kind: port, fallback: 8025, help: 'port of the inbox and the REST API; 0 picks any free port' },
  pop3Port: { kind: portOrOff, fallback: 1110, help: 'POP3 port; 0 picks any free port, off disables POP3' },
  pop3Auth: {
    kind: logins,
    fallback: null,
    help: 'accept only these POP3 logins; @file reads one per line',
  },
  pop3Keep: { kind: yesOrNo, fallback: false, help: 'keep mail that POP3 clients delete' },
  tls: {
    kind: oneOf('off', 'auto', 'files'),
    fallback: 'off',
    help: 'STARTTLS and STLS; auto creates a certificate at each start',
  },
  tlsCert: { kind: file, fallback: null, help: 'certificate for --tls files, in PEM' },
  tlsKey: { kind: file, fallback: null, help: 'private key for --tls files, in PEM' },
  smtpsPort: { kind: portOrOff, fallback: null, help: 'port for SMTP over TLS' },
  pop3sPort: { kind: portOrOff, fallback: null, help: 'port for POP3 over TLS' },
  maxMessages: {
    kind: whole(1, 1_000_000_000),
    fallback: 10_000,
    help: 'number of mails to keep; beyond it, the oldest are deleted',
  },
  maxBytes: {
    kind: size,
    fallback: 512 * 1024 ** 2,
    help: 'total size of the mail to keep; beyond it, the oldest is deleted',
  },
  maxAge: { kind: spanOrOff, fallback: null, help: 'delete mail that is older than this, like 12h or 7d' },
  maxMessageSize: { kind: size, fallback: 50 * 1024 ** 2, help: 'refuse mails larger than this' },
  data: { kind: file, fallback: null, help: 'folder to keep mail in; without it, mail is kept in memory only' },
  minFreeDisk: {
    kind: sizeOrOff,
    fallback: 64 * 1024 ** 2,
    help: 'with --data: refuse mail when the disk has less free space than this',
  },
  allowedHost: { kind: hostNames, fallback: [], help: 'another host name that the inbox may be opened under' },
  allowedOrigin: { kind: origins, fallback: [], help: 'origin of another page that may use the API' },
  logFormat: {
    kind: oneOf('auto', 'text', 'json'),
    fallback: 'auto',
    help: 'auto is text on a terminal, otherwise JSON lines',
  },
  open: { kind: yesOrNo, fallback: false, help: 'open the inbox in the browser' },
} as const;

/** The settings with their values. Sizes are octets. */
export type Config = Values<typeof settings>;

export const defaults: Config = readFlags(settings, {}, {});

/**
 * Flags override the environment, which overrides the defaults.
 * @throws {MailstopError} `bad-config`, naming the flag or variable, the value and what was expected
 */
export function readConfig(flags: Found, env: NodeJS.ProcessEnv): Config {
  // A Kubernetes service link must not make the start fail.
  const own = Object.fromEntries(Object.entries(env).filter(([, value = '']) => !isServiceLink(value)));
  return readFlags(settings, flags, own, 'all');
}

/** Variables that Kubernetes sets in every container for a service whose name begins with `mailstop`. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP)/;
const isServiceLink = (value: string) => /^(?:tcp|udp|sctp):\/\//.test(value);

/**
 * Setting variables that Kubernetes has overwritten: for a service called `mailstop-smtp` it sets
 * `MAILSTOP_SMTP_PORT=tcp://10.0.0.1:1025`. They are ignored.
 */
export function serviceLinks(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(settings)
    .map(variableOf)
    .filter((name) => isServiceLink(env[name] ?? ''));
}

/**
 * Variables that begin with `MAILSTOP_` but are unknown to this version, each with the one that was probably meant.
 * Only a warning, because an environment may be shared with a newer version.
 * @param others keys of variables that are not server settings
 */
export function unknownVariables(
  env: NodeJS.ProcessEnv,
  others: readonly string[],
): readonly { readonly name: string; readonly nearest: string | null }[] {
  const known = [...Object.keys(settings), ...others].map((key) => variableOf(key).slice(PREFIX.length));
  return Object.entries(env).flatMap(([name, value = '']) => {
    const rest = name.slice(PREFIX.length);
    if (!name.startsWith(PREFIX) || known.includes(rest) || value === '') return [];
    if (SERVICE_LINK.test(name) || isServiceLink(value)) return [];
    const nearest = similar(rest, known);
    return [{ name, nearest: nearest && PREFIX + nearest }];
  });
}

/** Checks the rules between settings, from whatever source. @throws {MailstopError} `bad-config` */
export function checkConfig(config: Config): void {
  for (const key of ['smtpsPort', 'pop3sPort'] as const) {
    if (config[key] !== null && config.tls === 'off')
      fault(`${flagOf(key)} needs a certificate: give --tls auto or --tls files`);
  }
  for (const key of ['tlsCert', 'tlsKey'] as const) {
    if (config.tls === 'files' && config[key] === null) fault(`--tls files needs ${flagOf(key)}`);
    if (config.tls !== 'files' && config[key] !== null)
      fault(`${flagOf(key)} is only used with --tls files, and --tls is ${config.tls}`);
  }
  const services = new Map<number, string>();
  for (const key of ['smtpPort', 'httpPort', 'pop3Port', 'smtpsPort', 'pop3sPort'] as const) {
    const port = config[key];
    // 0 gives each its own free port.
    if (port === null || port === 0) continue;
    const other = services.get(port);
    if (other !== undefined)
      fault(`${other} and ${flagOf(key)} are both ${port}: each service needs a port of its own`);
    services.set(port, flagOf(key));
  }
}

function fault(message: string): never {
  throw new MailstopError('bad-config', message);
}
