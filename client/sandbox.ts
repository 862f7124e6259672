import type { Server } from '../wire/state.ts';
import { type Api, createApi } from './api/api.ts';
import { ApiError } from './api/api-error.ts';
import { type Events, type EventsOptions, followEvents } from './api/events.ts';
import type { Socket } from './api/feed.ts';
import type { Epoch } from './api/restarts.ts';
import { type ParseHtml, parseInBrowser } from './mail/html.ts';
import { Mail } from './mail/mail.ts';
import { type MailboxOf, mailboxAddress } from './mail/mailbox-address.ts';
import { createMails } from './mail/mails.ts';
import { refuse } from './refusal.ts';
import type { Mailbox, Mails, SignalOption } from './verbs.ts';

/** The address of a listener. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A mail to deliver: its octets, and an envelope if it differs from the headers. */
export interface Delivered {
  /** Empty for the null sender. */
  readonly from?: string | undefined;
  readonly to?: string | readonly string[] | undefined;
  readonly raw: string | Uint8Array;
}

/** A running Mailstop, in this process or elsewhere. Its verbs cover all of its mail. */
export interface Sandbox extends Mails, AsyncDisposable {
  /** Where the app under test sends mail. For a container, the port inside it, not the published one. */
  readonly smtp: Place;
  /** The inbox and the REST API. */
  readonly http: Place & { readonly url: string };
  readonly pop3: Place | null;
  /** The REST API, for everything that has no verb here. */
  readonly api: Api;
  /**
   * A mailbox with a fresh address, so that tests that run in parallel never see each other's mail.
   * @param name prefix of the address, so that people can see in the inbox whose it is; `{ address }` to use a known
   *   address, like that of a user in the database
   * @example
   * const ada = sandbox.mailbox('ada'); // ada.address is like ada-k3v9x0q2wm@mailstop.test
   */
  mailbox(name?: string | MailboxOf): Mailbox;
  /**
   * Delivers a mail without SMTP, byte for byte.
   * @example
   * const mail = await sandbox.deliver({ to: ada.address, raw: await readFile('invoice.eml') });
   */
  deliver(mail: string | Uint8Array | Delivered, options?: SignalOption): Promise<Mail>;
  /**
   * Events from now on. The first is a `hello`; those after it have no gaps.
   * @example
   * for await (const event of sandbox.events()) {
   *   if (event.type === 'added') console.log(event.message.subject);
   * }
   */
  events(options?: EventsOptions): Events;
  /** Cancels pending calls. A sandbox in this process is stopped; any other keeps running. */
  close(): Promise<void>;
}

/** The parts of a sandbox. */
export interface SandboxParts {
  readonly url: URL;
  readonly about: Pick<Server, 'smtp' | 'pop3'>;
  readonly fetch: typeof fetch;
  readonly webSocket?: ((url: string) => Socket) | undefined;
  readonly parseHtml?: ParseHtml | undefined;
  /** Default timeout, in milliseconds. */
  readonly timeout?: number | undefined;
  /** If given, waits continue when the server restarts. */
  readonly epoch?: Epoch | null;
  readonly stop?: () => Promise<void>;
}

export function createSandbox(parts: SandboxParts): Sandbox {
  const { url, about, fetch, webSocket, parseHtml = parseInBrowser, timeout, epoch = null, stop } = parts;
  const closing = new AbortController();
  const api = createApi(url, endedBy(closing.signal, fetch));
  const source = { api, parseHtml, epoch };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const place = (bound: Place): Place => ({ host: isWildcard(bound.host) ? host : bound.host, port: bound.port });
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      closing.abort(
        new ApiError('closed', 0, `The sandbox at ${url.origin} has been closed: await pending calls first.`),
      );
      await stop?.();
    })();
    return closed;
  };

  return {
    ...createMails(source, null, timeout),
    smtp: place(about.smtp),
    http: { host, port, url: url.origin },
    pop3: about.pop3 && place(about.pop3),
    api,
    mailbox: (name) => {
      const address = mailboxAddress(name);
      return { address, ...createMails(source, address, timeout) };
    },
    async deliver(mail, { signal } = {}) {
      const { raw, from, to } = typeof mail === 'string' || mail instanceof Uint8Array ? bare(mail) : mail;
      if (typeof raw !== 'string' && !(raw instanceof Uint8Array)) {
        refuse('deliver a mail', 'there is nothing to deliver', 'give the raw mail, or { from, to, raw }');
      }
      const envelope = { from, to: typeof to === 'string' ? [to] : to };
      const { id } = await api.deliver(raw, envelope, signal);
      return new Mail(source, await api.message(id, signal));
    },
    events: (options) => followEvents(api.feedUrl(), webSocket, closing.signal, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function bare(raw: string | Uint8Array): Delivered {
  return { raw };
}

/** An address for all interfaces: a server can listen on it, but mail can't be sent to it. */
function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** A `fetch` whose requests, pending ones included, are aborted with `closing`. */
function endedBy(closing: AbortSignal, fetcher: typeof fetch): typeof fetch {
  return async (input, init) => {
    closing.throwIfAborted();
    const signals = init?.signal ? [closing, init.signal] : [closing];
    return fetcher(input, { ...init, signal: AbortSignal.any(signals) });
  };
}
