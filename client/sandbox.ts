import type { Server } from '../wire/message.ts';
import { type Api, createApi } from './api/api.ts';
import { ApiError } from './api/api-error.ts';
import { type Events, type EventsOptions, followEvents } from './api/events.ts';
import type { Socket } from './api/feed.ts';
import type { Run } from './api/restarts.ts';
import { type ParseHtml, parseInBrowser } from './mail/html.ts';
import { Mail } from './mail/mail.ts';
import { type MailboxOf, mailboxAddress } from './mail/mailbox-address.ts';
import { createMails } from './mail/mails.ts';
import { refuse } from './refusal.ts';
import type { Mailbox, Mails, SignalOption } from './verbs.ts';

/** Where a listener is to be reached. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A mail to put in: its octets, and an envelope where the headers' is not meant. */
export interface Delivered {
  /** The null sender is empty. */
  readonly from?: string | undefined;
  readonly to?: string | readonly string[] | undefined;
  readonly raw: string | Uint8Array;
}

/** A running Mailstop, in this process or elsewhere. Its verbs are about all the mail that it has. */
export interface Sandbox extends Mails, AsyncDisposable {
  /** Where the app under test sends its mail to. Of a container it is the port inside, not the one it is published at. */
  readonly smtp: Place;
  /** The inbox and the REST API. */
  readonly http: Place & { readonly url: string };
  readonly pop3: Place | null;
  /** The REST API, for all that has no verb here. */
  readonly api: Api;
  /**
   * A mailbox with a fresh address, so that tests which run side by side never see each other's mail.
   * @param name the address begins with it, so that a person who looks at the inbox knows whose it is;
   *   `{ address }` for one that is known before, like that of a user who is in the database
   * @example
   * const ada = sandbox.mailbox('ada'); // ada.address is like ada-k3v9x0q2wm@mailstop.test
   */
  mailbox(name?: string | MailboxOf): Mailbox;
  /**
   * Puts a mail in without SMTP, octet for octet.
   * @example
   * const mail = await sandbox.deliver({ to: ada.address, raw: await readFile('invoice.eml') });
   */
  deliver(mail: string | Uint8Array | Delivered, options?: SignalOption): Promise<Mail>;
  /**
   * What happens from now on. The first event is a `hello`: what comes after it is told without a gap.
   * @example
   * for await (const event of sandbox.events()) {
   *   if (event.type === 'added') console.log(event.message.subject);
   * }
   */
  events(options?: EventsOptions): Events;
  /** Ends what is under way. One that runs in this process is stopped; another one runs on. */
  close(): Promise<void>;
}

/** What a sandbox is made of. */
export interface SandboxParts {
  readonly url: URL;
  readonly about: Pick<Server, 'smtp' | 'pop3'>;
  readonly fetch: typeof fetch;
  readonly webSocket?: ((url: string) => Socket) | undefined;
  readonly parseHtml?: ParseHtml | undefined;
  /** How long to wait when nothing else is said, in milliseconds. */
  readonly timeout?: number | undefined;
  /** With it, waits go on when the server is restarted meanwhile. */
  readonly run?: Run | null;
  readonly stop?: () => Promise<void>;
}

export function createSandbox(parts: SandboxParts): Sandbox {
  const { url, about, fetch, webSocket, parseHtml = parseInBrowser, timeout, run = null, stop } = parts;
  const closing = new AbortController();
  const api = createApi(url, endedBy(closing.signal, fetch));
  const source = { api, parseHtml, run };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const place = (bound: Place): Place => ({ host: isWildcard(bound.host) ? host : bound.host, port: bound.port });
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      closing.abort(
        new ApiError('closed', 0, `The sandbox at ${url.origin} has been closed: await what is under way first.`),
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
        refuse('deliver a mail', 'there is nothing to deliver', 'give its octets, or { from, to, raw }');
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

/** An address that stands for all of a machine: it can be listened on, but mail can't be sent to it. */
function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** A `fetch` whose requests end, those under way too, when `closing` is aborted. */
function endedBy(closing: AbortSignal, fetcher: typeof fetch): typeof fetch {
  return async (input, init) => {
    closing.throwIfAborted();
    const signals = init?.signal ? [closing, init.signal] : [closing];
    return fetcher(input, { ...init, signal: AbortSignal.any(signals) });
  };
}
