import { type IncomingHttpHeaders, request } from 'node:http';
import type { Backend } from '../../server/http/route.ts';
import { startHttp } from '../../server/http/server.ts';
import type { Log } from '../../server/log.ts';
import { Slices } from '../../server/slices.ts';
import type { Limits } from '../../server/store/store.ts';
import { Watches } from '../../server/store/wait/watch.ts';
import { aStore, type TestStore } from '../store/a-store.ts';

export interface TestServer extends TestStore, AsyncDisposable {
  readonly port: number;
  readonly backend: Backend;
  readonly logged: string[];
  /** The simulated state of the disk. */
  readonly disk: { now: Awaited<ReturnType<Backend['lookAtDisk']>> };
  /** One request on a connection of its own. */
  ask(method: string, path: string, more?: Ask): Promise<Answer>;
}

interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the JSON
  readonly json: any;
}

/** REST, feed and inbox over a store with plain text contents; SMTP is simulated. */
export async function aServer(
  limits: Partial<Limits> = {},
  allowed: { hosts?: string[]; origins?: string[] } = {},
): Promise<TestServer> {
  const test = aStore(limits);
  const logged: string[] = [];
  const log: Log = {
    info: () => {},
    warn: () => {},
    error: (event, fields) => logged.push(`${event} ${JSON.stringify(fields)}`),
  };
  const disk: TestServer['disk'] = { now: { state: null, refusal: null } };
  const bound = { host: '127.0.0.1', port: 1 };
  const startedAt = '2026-01-02T03:04:05.000Z';
  const backend: Backend = {
    slices: new Slices(),
    store: test.store,
    watches: new Watches(
      test.store,
      () => new Date(),
      (error) => test.reported.push(error),
    ),
    lookAtDisk: async () => disk.now,
    deliver: (incoming) => test.store.add(incoming),
    version: '1.2.3',
    about: () => ({
      name: 'mailstop',
      version: '1.2.3',
      startedAt,
      smtp: bound,
      http: bound,
      smtps: null,
      pop3: null,
      pop3s: null,
      pop3Logins: 'any',
      data: null,
      tls: null,
      limits: { messages: 1000, bytes: 1024 * 1024, messageBytes: 2000, age: null },
    }),
    now: () => new Date(Date.parse(startedAt) + 5000),
    uptime: () => 5000,
    sendTestMail: async () => (await test.store.ids({ match: 'everything' }))[0] ?? '',
    greetSmtp: async () => '220 mailstop ESMTP',
    certificate: '-----BEGIN CERTIFICATE-----\n',
    messageBytes: 2000,
  };
  const http = await startHttp({
    host: '127.0.0.1',
    port: 0,
    log,
    allowedHosts: allowed.hosts ?? [],
    allowedOrigins: allowed.origins ?? [],
  });
  http.serve(backend);
  return {
    ...test,
    port: http.port,
    backend,
    logged,
    disk,
    ask: (method, path, more = {}) => ask(http.port, method, path, more),
    [Symbol.asyncDispose]: () => Promise.resolve(http[Symbol.asyncDispose]()),
  };
}

export function ask(port: number, method: string, path: string, { headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { ...(body && { 'content-length': String(Buffer.byteLength(body)) }), ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text,
            json: isJson ? JSON.parse(text) : null,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
