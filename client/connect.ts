import type { Server } from '../wire/message.ts';
import { createApi } from './api/api.ts';
import { ApiError } from './api/api-error.ts';
import type { Socket } from './api/feed.ts';
import type { ParseHtml } from './mail/html.ts';
import { refuse } from './refusal.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

export interface ConnectOptions {
  /** How long the verbs wait when nothing else is said, in milliseconds; 4000 without it. */
  readonly timeout?: number | undefined;
  /**
   * Waits go on when Mailstop is restarted meanwhile, up to the same deadline. Without it they reject with an
   * `ApiError` whose code is `went-away`.
   */
  readonly retry?: boolean | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** For a runtime that has no WebSocket. */
  readonly webSocket?: ((url: string) => Socket) | undefined;
  /** For a runtime that has no DOMParser. */
  readonly parseHtml?: ParseHtml | undefined;
  readonly signal?: AbortSignal | undefined;
}

// Taken early: tests that put something in its place mean the network of the app, not ours.
const ownFetch = globalThis.fetch;

/**
 * A Mailstop that runs elsewhere: the same as `startSandbox()` gives, over HTTP.
 * @param url of its inbox, like `http://127.0.0.1:8025`
 * @throws {ApiError} `no-answer` when nothing answers there, `unknown` when it is not Mailstop
 * @example
 * await using sandbox = await connect('http://127.0.0.1:8025');
 * const ada = sandbox.mailbox('ada');
 */
export async function connect(
  url: string | URL,
  { fetch = ownFetch, webSocket, parseHtml, timeout, retry = false, signal }: ConnectOptions = {},
): Promise<Sandbox> {
  const base = parse(String(url));
  const about = await createApi(base, fetch)
    .server(signal)
    .catch((error: unknown): Partial<Server> => {
      // Whatever answers with a page instead of JSON is not it either.
      if (error instanceof SyntaxError) return {};
      throw error;
    });
  const { name, smtp, pop3 = null, startedAt = null } = about;
  if (name !== 'mailstop' || !smtp) {
    throw new ApiError('unknown', 0, `What answers at ${base.origin} is not Mailstop. Is it the port of its inbox?`);
  }
  const run = retry ? { startedAt } : null;
  return createSandbox({ url: base, about: { smtp, pop3 }, fetch, webSocket, parseHtml, timeout, run });
}

function parse(url: string): URL {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url);
  refuse('connect to Mailstop', `"${url}" is no URL of HTTP`, 'give one like http://127.0.0.1:8025');
}
