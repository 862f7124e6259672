import type { Incoming, Summary } from '../../server/message/message.ts';
import type { Listening } from '../../server/net/listen.ts';
import { loadTls, type TlsMaterial } from '../../server/net/tls.ts';
import { type Pop3Options, startPop3 } from '../../server/pop3/server.ts';
import type { Store } from '../../server/store/store.ts';
import { TestLog } from '../net/a-log.ts';
import { aRecorder } from '../net/a-recorder.ts';
import { aStore } from '../store/a-store.ts';

export interface TestPop3 extends Listening {
  readonly store: Store;
  readonly log: TestLog;
  readonly logged: readonly { event: string; fields: unknown }[];
  /** Delivers a mail and returns its id. */
  deliver(raw: string | Buffer, to?: string | readonly string[], username?: string): Promise<string>;
  /** The mails in the store, oldest first. */
  left(): Promise<readonly Summary[]>;
}

/** A POP3 server over a store in memory: any free port, no delay after wrong passwords. */
export async function aPop3(
  options: Partial<Pop3Options> = {},
  wrap: (store: Store) => Store = (store) => store,
): Promise<TestPop3> {
  const { store } = aStore({ messages: 200_000, bytes: 1024 ** 3 });
  const log = new TestLog();
  const listening = await startPop3(wrap(store), {
    host: '127.0.0.1',
    port: 0,
    log,
    hostname: 'localhost',
    version: '1.2.3',
    sessions: aRecorder().recorder,
    ...options,
    times: { refusal: 0, ...options.times },
  });
  return {
    ...listening,
    store,
    log,
    get logged() {
      return log.entries.map(({ event, fields }) => ({ event, fields }));
    },
    deliver: async (raw, to = 'ada@example.test', username) =>
      (await store.add(incoming(Buffer.from(raw), typeof to === 'string' ? [to] : to, username ?? null))).id,
    left: async () => [...(await store.list({ match: 'everything' }, { limit: 1000 })).messages].reverse(),
  };
}

/** Wraps a store so that one of its methods rejects, always or on demand. */
export function failing(method: keyof Store, when: () => boolean = () => true): (store: Store) => Store {
  return (store) =>
    new Proxy(store, {
      get(target, name) {
        if (name === method && when()) return () => Promise.reject(new Error('disk on fire'));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
}

export async function aCertificate(): Promise<TlsMaterial> {
  const made = await loadTls({ mode: 'auto' });
  if (made === null) throw new Error('no certificate was made');
  return made;
}

/** A mail of exactly this many octets, in lines. */
export function mailOf(octets: number): Buffer {
  const head = 'Subject: large\r\n\r\n';
  const mail = Buffer.alloc(octets, `${'0123456789'.repeat(7)}\r\n`);
  mail.write(head);
  mail.write('\r\n', octets - 2);
  return mail;
}

function incoming(raw: Buffer, to: readonly string[], username: string | null): Incoming {
  const path = (address: string) => ({ address, parameters: {} });
  return {
    raw,
    envelope: { from: path('app@example.test'), to: to.map(path) },
    peer: { address: '127.0.0.1', port: 1, helo: null, protocol: 'ESMTP', tls: null, username },
    receivedAt: new Date(0),
    warnings: [],
  };
}
