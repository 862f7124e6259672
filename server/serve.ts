import { type Bound, type Running, start } from './app.ts';
import type { Config } from './config.ts';
import { createLog } from './log-lines.ts';
import { openInBrowser } from './open.ts';
import { garbageCollector, reclaimWhenQuiet } from './reclaim.ts';

/** Runs a sandbox until SIGINT or SIGTERM. @throws {MailstopError} `cannot-listen`, `cannot-open-data`, `bad-config` */
export async function serve(config: Config, version: string): Promise<void> {
  const { stdout } = process;
  const json = config.logFormat === 'json' || (config.logFormat === 'auto' && !stdout.isTTY);
  const log = createLog({ json, now: () => new Date(), write: (lines) => void stdout.write(lines) });

  process.once('exit', () => log.flush());

  const stopped = signalled();
  const running = await start(config, { log, version });
  const places = whereabouts(running.about);
  if (json)
    log.info('listening', {
      ...Object.fromEntries(places.map(([name, place]) => [name.toLowerCase(), place])),
      version,
    });
  else
    stdout.write(
      `\nMailstop ${version}\n\n${places.map(([name, place]) => `  ${name.padEnd(6)} ${place}\n`).join('')}\n  Ctrl-C stops it.\n\n`,
    );
  if (config.open) openInBrowser(inboxUrl(running.about.http), log);

  using _reclaiming = reclaimWhenQuiet(running.store, { collect: garbageCollector() });

  const signal = await stopped;
  log.info('stopping', { signal });
  await running[Symbol.asyncDispose]();
  log.flush();
}

/** What a user has to know to use it, a line each. */
function whereabouts({ http, smtp, smtps, pop3, pop3s, tls, data }: Running['about']): [name: string, place: string][] {
  const at = ({ host, port }: Bound) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const line = (name: string, bound: Bound | null): [string, string][] => (bound ? [[name, at(bound)]] : []);
  return [
    ['Inbox', inboxUrl(http)],
    ...line('SMTP', smtp),
    ...line('SMTPS', smtps),
    ...line('POP3', pop3),
    ...line('POP3S', pop3s),
    ...(data === null ? [] : ([['Data', data]] satisfies [string, string][])),
    ...(tls ? ([['TLS', `SHA-256 ${tls.fingerprint}`]] satisfies [string, string][]) : []),
  ];
}

/** The first signal asks for a clean stop; a second one, from somebody in a hurry, ends the process at once. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}

/** A link to open: an address that stands for all of this machine can be listened on, but not be opened. */
function inboxUrl({ host, port }: Bound): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
