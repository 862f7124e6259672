import { createRequire } from 'node:module';
import { parseHtml } from '../client/node-html.ts';
import { webSocket } from '../client/node-websocket.ts';
import { createSandbox, type Sandbox } from '../client/sandbox.ts';
import { MailstopError } from '../wire/errors.ts';
import { type Bound, start } from './app/start.ts';
import { type Config, defaults } from './config/config.ts';
import { type Log, silent } from './log.ts';

/** Settings of an in-process sandbox; see `mailstop --help` for their meaning. */
export type SandboxOptions = Partial<Omit<Config, 'open' | 'logFormat'>> & {
  /** Called for each event; by default nothing is logged. */
  readonly log?: Log | undefined;
  /** Default timeout of the verbs, in milliseconds (default 4000). */
  readonly timeout?: number | undefined;
};

// Captured at load: a test that replaces `fetch` means the app's network, not ours.
const { fetch } = globalThis;

/**
 * Starts a Mailstop in this process, by default on free loopback ports. The ports are real: the app under test may be
 * another process. `close()` or `await using` stops it; until then it keeps the process alive, like any Node server.
 * @throws {MailstopError} `cannot-listen` if a given port is taken, `bad-config`
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
  // It uses HTTP like any other client, so both kinds of sandbox behave the same by construction.
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

/** An undefined option counts as not given. @throws {MailstopError} `bad-config` for an unknown option */
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

/** URL for this process: a server on all interfaces is reached through loopback. */
function urlOf({ host, port }: Bound): URL {
  if (host === '0.0.0.0') return new URL(`http://127.0.0.1:${port}`);
  if (host === '::') return new URL(`http://[::1]:${port}`);
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

export * from '../client/node.ts';
export { type ErrorCode, MailstopError } from '../wire/errors.ts';
export type { Fields, Log } from './log.ts';
