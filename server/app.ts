import { randomBytes } from 'node:crypto';
import { Closer } from './closer.ts';
import type { Config } from './config.ts';
import { startHttp } from './http/server.ts';
import type { Log } from './log.ts';
import { readGreeting } from './net/greeting.ts';
import type { Listening } from './net/listen.ts';
import { startSmtp } from './smtp/server.ts';
import { Contents } from './store/contents.ts';
import { makeId } from './store/ids.ts';
import { startIndexer } from './store/indexer.ts';
import { MemoryStore } from './store/memory.ts';
import type { Store } from './store/store.ts';
import { sendTestMail } from './test-mail.ts';

/** Where a listener is to be found. */
export type Bound = Pick<Listening, 'host' | 'port'>;

/** A running Mailstop. Disposing of it stops all of it. */
export interface Running extends AsyncDisposable {
  readonly store: Store;
  readonly smtp: Bound;
  readonly http: Bound;
  readonly pop3: Bound | null;
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
 * @throws {MailstopError} `cannot-listen`
 */
export async function start(config: Config, { log, version, now = () => new Date() }: Surroundings): Promise<Running> {
  await using opened = new Closer();
  const report = (error: unknown) => log.error('failed', { error: String(error) });
  const { host, maxMessageSize } = config;

  const contents = opened.use(new Contents());
  const store = new MemoryStore({
    limits: { messages: config.maxMessages, bytes: config.maxBytes },
    contents,
    newId: () => makeId(now(), randomBytes),
    report,
  });
  const indexer = startIndexer(store, report);
  opened.defer(() => indexer[Symbol.dispose]());

  const deliver = store.add.bind(store);
  const smtp = bound(
    opened.use(await startSmtp(deliver, { host, port: config.smtpPort, maxOctets: maxMessageSize, log, now })),
  );
  const pop3 = null;
  const startedAt = now().toISOString();
  const limits = { messages: config.maxMessages, bytes: config.maxBytes, messageBytes: maxMessageSize };
  const http: Bound = bound(
    opened.use(
      await startHttp(
        {
          store,
          deliver,
          about: () => ({ name: 'mailstop', version, startedAt, smtp, http, pop3, limits }),
          now,
          sendTestMail: () => sendTestMail(smtp),
          greetSmtp: () => readGreeting(smtp, GREETING_MS),
          messageBytes: maxMessageSize,
        },
        { host, port: config.httpPort, log, allowedHosts: config.allowedHost, allowedOrigins: config.allowedOrigin },
      ),
    ),
  );

  const owned = opened.move();
  return { store, smtp, http, pop3, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

function bound({ host, port }: Listening): Bound {
  return { host, port };
}
