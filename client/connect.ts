import type { Server } from '../wire/state.ts';
import { createApi } from './api/api.ts';
import { ApiError } from './api/api-error.ts';
import type { Socket } from './api/feed.ts';
import type { ParseHtml } from './mail/html.ts';
import { refuse } from './refusal.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

export interface ConnectOptions {
  /** Default timeout of the verbs, in milliseconds (default 4000). */
  readonly timeout?: number | undefined;
  /**
   * Keep waiting, up to the same deadline, if Mailstop restarts. Otherwise waits reject with an `ApiError` whose code
   * is `went-away`.
   */
  readonly retry?: boolean | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** For runtimes without WebSocket. */
  readonly webSocket?: ((url: string) => Socket) | undefined;
  /** For runtimes without DOMParser. */
  readonly parseHtml?: ParseHtml | undefined;
  readonly signal?: AbortSignal | undefined;
}

// Captured at load: a test that replaces `fetch` means the app's network, not ours.
const ownFetch = globalThis.fetch;

/**
 * Connects over HTTP to a Mailstop that runs elsewhere. Returns the same as `startSandbox()`.
 * @param url URL of its inbox, like `http://127.0.0.1:8025`
 * @throws {ApiError} `no-answer` if nothing answers there, `unknown` if it is not Mailstop
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
      // A server that answers with a page instead of JSON is not Mailstop.
      if (error instanceof SyntaxError) return {};
      throw error;
    });
  const { name, smtp, pop3 = null, epoch = null } = about;
  if (name !== 'mailstop' || !smtp) {
    throw new ApiError('unknown', 0, `What answers at ${base.origin} is not Mailstop. Is it the port of its inbox?`);
  }
  const followed = retry ? { current: epoch } : null;
  return createSandbox({ url: base, about: { smtp, pop3 }, fetch, webSocket, parseHtml, timeout, epoch: followed });
}

function parse(url: string): URL {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url);
  refuse('connect to Mailstop', `"${url}" is not an HTTP URL`, 'give one like http://127.0.0.1:8025');
}
