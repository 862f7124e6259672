import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { kindOf, reasonOf } from '../../wire/errors.ts';
import type { Server } from '../../wire/state.ts';
import { Closer } from '../closer.ts';
import { type Config, checkConfig } from '../config/config.ts';
import { startHttp } from '../http/server.ts';
import { type Log, Repeats } from '../log.ts';
import type { Deliver } from '../message/message.ts';
import { DescriptorGuard, importIfRoom } from '../net/descriptors.ts';
import { readGreeting } from '../net/greeting.ts';
import type { Listening, ListenOptions } from '../net/listen.ts';
import { SessionRecorder } from '../net/sessions.ts';
import { loadTls, type TlsSetting } from '../net/tls.ts';
import { startPop3 } from '../pop3/server.ts';
import { startSmtp } from '../smtp/server.ts';
import { idMaker } from '../store/ids.ts';
import type { Refused, Store } from '../store/store.ts';
import { Watches } from '../store/wait/watch.ts';
import { openStore } from './open-store.ts';

/** The address of a listener. */
export type Bound = Pick<Listening, 'host' | 'port'>;

/** A running Mailstop. Disposing of it stops everything. */
export interface Running extends AsyncDisposable {
  readonly store: Store;
  readonly about: Omit<Server, 'counts' | 'epoch' | 'seq' | 'uptime' | 'disk'>;
}

export interface Surroundings {
  readonly log: Log;
  readonly version: string;
  readonly now?: () => Date;
  /** Free octets for a folder; by default the file system is asked. */
  readonly freeSpace?: (folder: string) => Promise<number>;
  /** Aborts the start: closes what is open and rejects with the signal's reason. */
  readonly stop?: AbortSignal;
  /** Loads everything at the start, not on the first mail or request. */
  readonly eager?: boolean;
}

/** With this many files the start is slow enough to log. */
const WORTH_TELLING = 10_000;

/** Delay after the first use, in milliseconds. */
const WARM_AFTER_MS = 20;

/** If SMTP takes longer than this to greet, it is not ready. In milliseconds. */
const GREETING_MS = 2000;

/**
 * The composition root: creates everything that runs and passes it to what needs it. All or nothing: if one listener
 * can't start, the others are closed.
 * @throws {MailstopError} `cannot-listen`, `cannot-open-data`, `bad-config`
 */
export async function start(config: Config, surroundings: Surroundings): Promise<Running> {
  const { log, version, now = () => new Date(), freeSpace, stop, eager = false } = surroundings;
  checkConfig(config);
  stop?.throwIfAborted();
  await using opened = new Closer();
  const failures = new Repeats(log);
  opened.defer(() => failures[Symbol.dispose]());
  const report = (error: unknown) => {
    // Work cut short by shutdown is not a failure.
    if (kindOf(error) !== 'stopping') failures.add('error', 'failed', kindOf(error), { reason: reasonOf(error) });
  };
  const tls = await loadTls(tlsSetting(config), [hostname()], now);

  const guarded = { allowedHosts: config.allowedHost, allowedOrigins: config.allowedOrigin };
  // This port opens first, so that clients can see the progress while much mail is being read.
  let loading = { done: 0, total: 0 };
  const progress = config.data === null ? null : () => loading;
  // The threads and modules that parse mail and answer requests take memory; load them on the first mail or request.
  let isUsed = eager;
  let used = () => {
    isUsed = true;
  };
  const askedFirst = () => used();
  const listeners = opened.use(new Closer('all at once'));
  const web = listeners.use(
    await startHttp({ host: config.host, port: config.httpPort, ...guarded, log, progress, eager, used: askedFirst }),
  );
  const http = boundOf(web);
  const { store, lookAtDisk, limits, warm } = await openStore(config, opened, {
    log,
    now,
    report,
    freeSpace,
    stop,
    progress: (done, total) => {
      if (done === 0 && total >= WORTH_TELLING) log.info('reading mail', { files: total, http: http.port });
      loading = { done, total };
    },
  });
  const watches = new Watches(store, now, report);
  opened.defer(() => watches[Symbol.dispose]());
  // The first of them opened before the store, but they all close before it, so that none reaches a closed store.
  opened.use(listeners);
  const deliver: Deliver = (incoming) => {
    askedFirst();
    return store.add(incoming);
  };

  const on = async (port: number, listen: (at: ListenOptions) => Promise<Listening>): Promise<Bound> => {
    return boundOf(listeners.use(await listen({ host: config.host, port })));
  };
  const maybe = async (port: number | null, listen: (at: ListenOptions) => Promise<Listening>) =>
    port === null ? null : on(port, listen);

  const sessions = new SessionRecorder({
    now,
    newId: idMaker(now, randomBytes),
    save: (session) => void store.saveSession(session).catch(report),
  });
  const refused = ({ command, reply, session }: Omit<Refused, 'time'>) =>
    void store.addRefusal({ time: now(), command, reply, session }).catch(report);
  const descriptors = new DescriptorGuard(log);
  opened.defer(() => descriptors[Symbol.dispose]());
  const smtpOptions = { maxOctets: config.maxMessageSize, log, descriptors, now, sessions, tls, refused };
  const pop3Options = {
    log,
    descriptors,
    sessions,
    hostname: hostname(),
    version,
    accounts: config.pop3Auth,
    keep: config.pop3Keep,
    maxAge: config.maxAge,
    tls,
  };
  const smtp = await on(config.smtpPort, (at) => startSmtp(deliver, { ...at, ...smtpOptions }));
  const smtps = await maybe(config.smtpsPort, (at) => startSmtp(deliver, { ...at, ...smtpOptions, implicitTls: true }));
  const pop3 = await maybe(config.pop3Port, (at) => startPop3(store, { ...at, ...pop3Options }));
  const pop3s = await maybe(config.pop3sPort, (at) => startPop3(store, { ...at, ...pop3Options, implicitTls: true }));

  const started = performance.now();
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
    lookAtDisk,
    deliver,
    version,
    about: () => ({ ...about, http }),
    uptime: () => Math.round(performance.now() - started),
    now,
    // Loaded on first use: the module that composes mails would slow down every start.
    sendTestMail: async () => (await importIfRoom(() => import('./test-mail.ts'))).sendTestMail(smtp),
    greetSmtp: () => readGreeting(smtp, GREETING_MS),
    certificate: tls?.cert ?? null,
    messageBytes: config.maxMessageSize,
  };
  web.serve(backend);
  let warming: NodeJS.Timeout | null = null;
  // Delayed, so that neither a greeting nor the start of a test waits for the thread.
  used = () => {
    warming ??= setTimeout(warm, WARM_AFTER_MS).unref();
  };
  opened.defer(() => clearTimeout(warming ?? undefined));
  if (isUsed) used();

  stop?.throwIfAborted();
  const owned = opened.move();
  return { store, about: { ...about, http }, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

function boundOf({ host, port }: Listening): Bound {
  return { host, port };
}

function tlsSetting({ tls, tlsCert, tlsKey }: Config): TlsSetting {
  return tls === 'files' ? { mode: tls, cert: tlsCert ?? '', key: tlsKey ?? '' } : { mode: tls };
}
