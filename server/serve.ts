import { start } from './app.ts';
import type { Config } from './config.ts';
import { createLog } from './log-lines.ts';
import { openInBrowser } from './open.ts';

/** Runs a sandbox until SIGINT or SIGTERM. @throws {MailstopError} `cannot-listen`, `bad-config` */
export async function serve(config: Config, version: string): Promise<void> {
  const { stdout } = process;
  const json = config.logFormat === 'json' || (config.logFormat === 'auto' && !stdout.isTTY);
  const log = createLog({ json, now: () => new Date(), write: (lines) => void stdout.write(lines) });

  const stopped = signalled();
  const running = await start(config, { log, version });
  const { smtp, http, pop3 } = running;
  const inbox = `http://${urlHost(http.host)}:${http.port}`;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  if (json) {
    log.info('listening', { smtp: at(smtp), http: at(http), pop3: pop3 && at(pop3), inbox, version });
  } else {
    stdout.write(`
Mailstop ${version}

  Inbox  ${inbox}
  SMTP   ${at(smtp)}
  POP3   ${pop3 ? at(pop3) : 'off'}

  Ctrl-C stops it.

`);
  }
  if (config.open) openInBrowser(inbox, log);

  const signal = await stopped;
  log.info('stopping', { signal });
  await running[Symbol.asyncDispose]();
  log.flush();
}

/** The first signal asks for a clean stop; a second one, from somebody in a hurry, ends the process at once. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}

/** The host of a link: an address that stands for all of them can be listened on, but not be opened. */
function urlHost(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
