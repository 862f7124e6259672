import { createRequire } from 'node:module';
import { parseHtml } from '../client/node-html.ts';
import { webSocket } from '../client/node-websocket.ts';
import { createSandbox, type Sandbox } from '../client/sandbox.ts';
import { MailstopError } from '../wire/errors.ts';
import { type Bound, start } from './app/start.ts';
import { type Config, defaults } from './config/config.ts';
import { type Log, silent } from './log.ts';

/** Settings of an in-process sandbox; see `mailstop --help` for what each means. */
export type SandboxOptions = Partial<Omit<Config, 'open' | 'logFormat'>> & {
  /** Gets one call per event; nothing is logged without it. */
  readonly log?: Log | undefined;
  /** How long the verbs wait when nothing else is said, in milliseconds; 4000 without it. */
  readonly timeout?: number | undefined;
};

// Taken early: tests that put something in its place mean the network of the app, not ours.
const { fetch } = globalThis;

/**
 * Starts a Mailstop in this process, on free ports of the loopback unless told otherwise. Its ports are real: the app
 * under test may be another process. `close()` or `await using` stops it; until then it keeps the process running, like any
 * server of Node.
 * @throws {MailstopError} `cannot-listen` when a port that was asked for is taken, `bad-config`
 * @example
 * await using sandbox = await startSandbox();
 * const ada = sandbox.mailbox('ada');
 * await app.resetPassword(ada.address); // sends by SMTP to sandbox.smtp.port
 * const mail = await ada.waitFor({ subject: /reset/ });
 * await page.goto(mail.link(/reset/));
 */
export async function startSandbox({ log = silent, timeout, ...options }: SandboxOptions = {}): Promise<Sandbox> {
  const { version } = createRequire(import.meta.url)('#package') as { version: string };
  const running = await start(configOf(options), { log, version, eager: true });
  const { about } = running;
  // It asks itself over HTTP like any other client: so both kinds of sandbox are the same by construction.
  return createSandbox({
    url: urlOf(about.http),
    about,
    fetch,
    webSocket,
    parseHtml,
    timeout,
    stop: async () => running[Symbol.asyncDispose](),
  });
}

/** An option that is undefined is one that is not given. @throws {MailstopError} `bad-config` for one that there is not */
function configOf(options: Partial<Config>): Config {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const { open: _, logFormat: __, ...known } = { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0 };
  for (const [name] of given) {
    if (name in known) continue;
    const names = [...Object.keys(known), 'log', 'timeout'].join(', ');
    throw new MailstopError('bad-config', `startSandbox() has no option "${name}": expected ${names}`);
  }
  return { ...defaults, ...known, ...Object.fromEntries(given) };
}

/** How this process reaches it: what stands for all of the machine is reached at its loopback. */
function urlOf({ host, port }: Bound): URL {
  if (host === '0.0.0.0') return new URL(`http://127.0.0.1:${port}`);
  if (host === '::') return new URL(`http://[::1]:${port}`);
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

export * from '../client/node.ts';
export { type ErrorCode, MailstopError } from '../wire/errors.ts';
export type { Fields, Log } from './log.ts';
