import { createRequire } from 'node:module';
import { start } from './app.ts';
import { type Config, defaults } from './config.ts';
import { type Log, silent } from './log.ts';

/** Settings of an in-process sandbox; see `mailstop --help` for what each means. */
export type SandboxOptions = Partial<Omit<Config, 'open' | 'logFormat'>> & {
  /** Gets one call per event; nothing is logged without it. */
  readonly log?: Log;
};

/** A running Mailstop, and where it listens. `await using` stops it. */
export interface Sandbox extends AsyncDisposable {
  readonly smtp: { readonly host: string; readonly port: number };
  readonly http: { readonly host: string; readonly port: number; readonly url: string };
  readonly pop3: { readonly host: string; readonly port: number } | null;
  close(): Promise<void>;
}

/**
 * Starts a Mailstop in this process, on free ports of the loopback unless told otherwise.
 * @throws {MailstopError} `cannot-listen` when a port that was asked for is taken
 */
export async function startSandbox({ log = silent, ...options }: SandboxOptions = {}): Promise<Sandbox> {
  const { version } = createRequire(import.meta.url)('#package') as { version: string };
  const config: Config = { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0, ...options };
  const running = await start(config, { log, version });
  const { smtp, http, pop3 } = running.about;
  const close = async () => running[Symbol.asyncDispose]();
  const host = http.host.includes(':') ? `[${http.host}]` : http.host;
  return {
    smtp,
    http: { ...http, url: `http://${host}:${http.port}` },
    pop3,
    close,
    [Symbol.asyncDispose]: close,
  };
}

export { type ErrorCode, MailstopError } from './errors.ts';
export type { Fields, Log } from './log.ts';
