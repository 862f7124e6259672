import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { reasonOf } from '../../wire/errors.ts';
import { garbageCollector, reclaimWhenQuiet } from '../app/reclaim.ts';
import { type Bound, type Running, start } from '../app/start.ts';
import type { Config, unknownVariables } from '../config/config.ts';
import { createLog } from './log-lines.ts';
import { openInBrowser } from './open-browser.ts';
import { Stopped } from './stop-signal.ts';

interface ServeOptions {
  readonly version: string;
  /** Stops the server, even during the start. */
  readonly stop: AbortSignal;
  /** Variables that look like settings but are not. */
  readonly unknown: ReturnType<typeof unknownVariables>;
  /** Variables set by Kubernetes. */
  readonly links: readonly string[];
  /** Called when everything is running. */
  readonly started: () => void;
}

/** Runs a sandbox until it is stopped. @throws {MailstopError} `cannot-listen`, `cannot-open-data`, `bad-config` */
export async function serve(config: Config, { version, stop, started, unknown, links }: ServeOptions): Promise<void> {
  const { stdout } = process;
  const json = config.logFormat === 'json' || (config.logFormat === 'auto' && !stdout.isTTY);
  const log = createLog({ json, now: () => new Date(), write: (lines) => void stdout.write(lines) });

  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.once('exit', () => log.flush());
  // If the terminal or the reader of a pipe is gone, the log is lost, but the server keeps accepting mail.
  for (const stream of [stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {});

  const stopping = (reason: unknown) => {
    log.info('stopping', { signal: reason instanceof Stopped ? reason.signal : undefined });
    log.flush();
  };
  const running = await start(config, { log, version, stop }).catch((error: unknown) => {
    if (!(error instanceof Stopped)) throw error;
    return null;
  });
  if (running === null) return stopping(stop.reason);
  started();
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
  for (const variable of unknown) log.warn('unknown variable ignored', variable);
  if (links.length > 0)
    log.warn('service links ignored', { names: links.join(' '), hint: 'set by Kubernetes; use the flags instead' });
  if (config.open) openInBrowser(inboxUrl(running.about.http), log);

  using _reclaiming = reclaimWhenQuiet(running.store, {
    collect: garbageCollector(),
    report: (error) => log.error('store not followed', { reason: reasonOf(error) }),
  });

  if (!stop.aborted) await once(stop, 'abort');
  stopping(stop.reason);
  await running[Symbol.asyncDispose]();
  log.flush();
  // Node 20 resets its terminal at exit, and aborts if it is gone; a closed descriptor it leaves alone.
  if (stop.reason instanceof Stopped && stop.reason.signal === 'SIGHUP') for (const fd of terminals) closeSync(fd);
}

/** What a user needs to know to use it, one item per line. */
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

/** A link to open in a browser: one can listen on all interfaces, but not open that address. */
function inboxUrl({ host, port }: Bound): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
