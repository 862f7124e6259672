import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Closer } from './closer.ts';
import { type Config, checkConfig } from './config.ts';
import { startHttp } from './http/server.ts';
import type { Server } from './http/wire.ts';
import type { Log } from './log.ts';
import { readGreeting } from './net/greeting.ts';
import type { Listening, ListenOptions } from './net/listen.ts';
import { loadTls, type TlsSetting } from './net/tls.ts';
import { startPop3 } from './pop3/server.ts';
import { startSmtp } from './smtp/server.ts';
import { Contents } from './store/contents.ts';
import { openArchive } from './store/disk/archive.ts';
import { idMaker } from './store/ids.ts';
import { startIndexer } from './store/indexer.ts';
import { MemoryStore } from './store/memory.ts';
import { Refusals } from './store/refusals.ts';
import type { Store } from './store/store.ts';
import { Watches } from './store/watch.ts';

/** Where a listener is to be found. */
export type Bound = Pick<Listening, 'host' | 'port'>;

/** A running Mailstop. Disposing of it stops all of it. */
export interface Running extends AsyncDisposable {
  readonly store: Store;
  readonly about: Omit<Server, 'counts' | 'seq' | 'uptime'>;
}

export interface Surroundings {
  readonly log: Log;
  readonly version: string;
  readonly now?: () => Date;
}

/** How long SMTP may take to greet before it counts as not ready, in milliseconds. */
const GREETING_MS = 2000;

/**
 * The composition root: everything that runs is made here and handed to what needs it. All or nothing: when one
 * listener can't start, the others are closed again.
 * @throws {MailstopError} `cannot-listen`, `cannot-open-data`, `bad-config`
 */
export async function start(config: Config, { log, version, now = () => new Date() }: Surroundings): Promise<Running> {
  checkConfig(config);
  await using opened = new Closer();
  const report = (error: unknown) => log.error('failed', { error: String(error) });
  const limits = { messages: config.maxMessages, bytes: config.maxBytes };
  const tls = await loadTls(tlsSetting(config), [hostname()], now);

  const contents = opened.use(new Contents());
  const disk = config.data === null ? null : await openArchive(config.data, { log });
  if (disk) opened.use(disk.archive);
  const store = new MemoryStore({ limits, contents, newId: idMaker(now, randomBytes), now, report, ...disk });
  const indexer = startIndexer(store, report);
  opened.defer(() => indexer[Symbol.dispose]());
  const watches = new Watches(store, now, report);
  opened.defer(() => watches[Symbol.dispose]());
  const refusals = new Refusals();
  const deliver = store.add.bind(store);

  const on = async (port: number, listen: (at: ListenOptions) => Promise<Listening>): Promise<Bound> => {
    const listening = opened.use(await listen({ host: config.host, port }));
    return { host: listening.host, port: listening.port };
  };
  const maybe = async (port: number | null, listen: (at: ListenOptions) => Promise<Listening>) =>
    port === null ? null : on(port, listen);

  const refused = ({ command, reply }: { command: string; reply: string }) =>
    refusals.add({ time: now(), command, reply });
  const smtpOptions = { maxOctets: config.maxMessageSize, log, now, tls, refused };
  const pop3Options = { log, hostname: hostname(), version, accounts: config.pop3Auth, keep: config.pop3Keep, tls };
  const smtp = await on(config.smtpPort, (at) => startSmtp(deliver, { ...at, ...smtpOptions }));
  const smtps = await maybe(config.smtpsPort, (at) => startSmtp(deliver, { ...at, ...smtpOptions, implicitTls: true }));
  const pop3 = await maybe(config.pop3Port, (at) => startPop3(store, { ...at, ...pop3Options }));
  const pop3s = await maybe(config.pop3sPort, (at) => startPop3(store, { ...at, ...pop3Options, implicitTls: true }));

  const about = {
    name: 'mailstop',
    version,
    startedAt: now().toISOString(),
    smtp,
    smtps,
    pop3,
    pop3s,
    pop3Logins: config.pop3Auth === null ? 'any' : 'listed',
    tls: tls && { fingerprint: tls.fingerprint },
    data: config.data,
    limits: { ...limits, messageBytes: config.maxMessageSize },
  } as const;
  const backend = {
    store,
    watches,
    refusals,
    deliver,
    version,
    about: () => ({ ...about, http }),
    now,
    // Loaded when it is first wanted: a composer of mails would cost every start its time.
    sendTestMail: async () => (await import('./test-mail.ts')).sendTestMail(smtp),
    greetSmtp: () => readGreeting(smtp, GREETING_MS),
    certificate: tls?.cert ?? null,
    messageBytes: config.maxMessageSize,
  };
  const guarded = { allowedHosts: config.allowedHost, allowedOrigins: config.allowedOrigin };
  const http: Bound = await on(config.httpPort, (at) => startHttp(backend, { ...at, ...guarded, log }));

  const owned = opened.move();
  return { store, about: { ...about, http }, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

function tlsSetting({ tls, tlsCert, tlsKey }: Config): TlsSetting {
  return tls === 'files' ? { mode: tls, cert: tlsCert ?? '', key: tlsKey ?? '' } : { mode: tls };
}
