import { ENVELOPED } from '../../wire/enveloped.ts';
import type { Expectation, Met } from '../../wire/expect.ts';
import type {
  Created,
  Deleted,
  Listing,
  Mailboxes,
  Message,
  Patch,
  Patched,
  Summary,
  WholeListing,
} from '../../wire/message.ts';
import type { Part } from '../../wire/part.ts';
import type { Search, Searches, Server, Session, Sessions } from '../../wire/state.ts';
import { ApiError, errorOf } from './api-error.ts';
import { answeredWithin, noAnswer } from './no-answer.ts';

/** A page of the matching mails, newest first. Omitted fields are up to the server. */
export interface PageOf {
  readonly limit?: number;
  /** Skip this many of the newest. */
  readonly offset?: number;
  /** Only mails with a lower seq. */
  readonly before?: number;
  /** Only mails with a higher seq. */
  readonly after?: number;
}

/** Which sessions. Absent = any. */
export interface SessionsOf {
  readonly limit?: number | undefined;
  readonly protocol?: Session['protocol'] | undefined;
  readonly outcome?: Session['outcome'] | undefined;
  /** The client's address, with or without its port. */
  readonly peer?: string | undefined;
  /** The sender, a recipient or the username. */
  readonly address?: string | undefined;
  /** The id of a mail that the session brought. */
  readonly message?: string | undefined;
}

/** Which mails: those that match a query, or explicitly all. */
export type Selection = { readonly q: string } | { readonly all: true };

/** The envelope of a mail to deliver; `from` is empty for the null sender. */
export interface EnvelopeOf {
  readonly from?: string | undefined;
  readonly to?: readonly string[] | undefined;
}

export interface Head {
  /** The first octets, read as UTF-8. */
  readonly text: string;
  /** False if there is more. */
  readonly complete: boolean;
}

export type Api = ReturnType<typeof createApi>;

interface Call {
  readonly method?: string;
  readonly json?: unknown;
  readonly body?: Uint8Array | string;
  readonly type?: string;
  /** Let the request outlive the page. */
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** The server may hold the response until something happens. */
  readonly waits?: boolean;
}

/** How long after the deadline a response may come; then the server is taken for stopped or hung. In milliseconds. */
const LATE_MS = 10_000;

/** The most whole mails the server returns in one response. */
const MAX_WHOLE = 200;

/**
 * The REST API, typed.
 * @param base URL of Mailstop, like `http://127.0.0.1:8025`
 * @throws {ApiError} from every method, on an error response or no response
 */
export function createApi(base: string | URL, fetcher: typeof fetch = (input, init) => fetch(input, init)) {
  const url = (path: string, parameters: Readonly<Record<string, string | number | undefined>> = {}) => {
    const target = new URL(`/api/${path}`, base);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined && value !== '') target.searchParams.set(name, String(value));
    }
    return target;
  };
  const of = (id: string, part = '') => `messages/${encodeURIComponent(id)}${part}`;

  async function call(target: URL, options: Call = {}): Promise<Response> {
    const { json, type, body, signal, waits: _, ...rest } = options;
    const contentType = json === undefined ? type : 'application/json';
    const init: RequestInit = { ...rest, headers: contentType ? { 'content-type': contentType } : {} };
    if (signal) init.signal = signal;
    // Any memory will do: the type excludes shared memory, which does not matter to a caller that reads a file.
    if (body !== undefined) init.body = body as string | Uint8Array<ArrayBuffer>;
    if (json !== undefined) init.body = JSON.stringify(json);
    const response = await fetcher(target, init).catch((error: unknown) => lost(error, target, options));
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  function lost(error: unknown, target: URL, { signal, waits = false }: Call): never {
    // A page instead of JSON is still a response.
    if (signal?.aborted || error instanceof ApiError || error instanceof SyntaxError) throw error;
    throw noAnswer(target.origin, error, waits);
  }

  async function ask<T>(target: URL, options: Call = {}): Promise<T> {
    const response = await call(target, options);
    return response.json().catch((error: unknown) => lost(error, target, options)) as Promise<T>;
  }

  return {
    list: (q: string, page: PageOf = {}, signal?: AbortSignal) =>
      ask<Listing>(url('messages', { q, ...page }), { signal }),
    message: (id: string, signal?: AbortSignal) => ask<Message>(url(of(id)), { signal }),
    /** The MIME structure. */
    parts: (id: string, signal?: AbortSignal) => ask<Part>(url(of(id, '/parts')), { signal }),
    /** Several whole mails in few requests, in the order of the ids, without those that no longer exist. */
    mails: async (ids: readonly string[], signal?: AbortSignal): Promise<Message[]> => {
      const mails: Message[] = [];
      for (let start = 0; start < ids.length; start += MAX_WHOLE) {
        const some = ids.slice(start, start + MAX_WHOLE).join(',');
        mails.push(...(await ask<WholeListing>(url('messages', { ids: some }), { signal })).messages);
      }
      return mails;
    },

    rawUrl: (id: string) => url(of(id, '/raw')).href,
    htmlUrl: (id: string, { remote = false } = {}) => url(of(id, '/html'), remote ? { remote: 1 } : {}).href,
    attachmentUrl: (id: string, index: number) => url(of(id, `/attachments/${index}`)).href,
    /** The octets as received. */
    raw: async (id: string, signal?: AbortSignal): Promise<Uint8Array> =>
      new Uint8Array(await (await call(url(of(id, '/raw')), { signal })).arrayBuffer()),
    /** The octets of an attachment, decoded. */
    attachment: async (id: string, index: number, signal?: AbortSignal): Promise<Uint8Array> =>
      new Uint8Array(await (await call(url(of(id, `/attachments/${index}`)), { signal })).arrayBuffer()),
    /** The first octets of the source, without loading the rest. */
    rawHead: async (id: string, octets: number, signal?: AbortSignal): Promise<Head> =>
      head(await call(url(of(id, '/raw')), { signal }), octets),

    patch: (id: string, change: Patch) => ask<Summary>(url(of(id)), { method: 'PATCH', json: change }),
    /** @returns how many mails match, changed or not */
    patchAll: async (which: Selection, change: Patch) =>
      (await ask<Patched>(url('messages', select(which)), { method: 'PATCH', json: change })).updated,
    delete: async (id: string, { keepalive = false } = {}) => {
      await call(url(of(id)), { method: 'DELETE', keepalive });
    },
    /** @returns how many mails were deleted */
    deleteAll: async (which: Selection, signal?: AbortSignal) =>
      (await ask<Deleted>(url('messages', select(which)), { method: 'DELETE', signal })).deleted,
    /** Delivers a mail without SMTP. The envelope defaults to the addresses in the headers. */
    deliver: (raw: Uint8Array | string, { from, to = [] }: EnvelopeOf = {}, signal?: AbortSignal) => {
      const given = from !== undefined || to.length > 0;
      const line = `${JSON.stringify({ from, ...(to.length > 0 && { to }) })}\n`;
      const sent = given ? { body: enveloped(line, raw), type: ENVELOPED } : { body: raw, type: 'message/rfc822' };
      return ask<Created>(url('messages'), { method: 'POST', ...sent, signal });
    },
    /** Asserts on mail. @throws {ExpectationError} if the expectation is not met */
    expect: (expectation: Expectation, signal?: AbortSignal) => {
      const { within = 5000, quiet = 0 } = expectation;
      const most = within + quiet + LATE_MS;
      return answeredWithin(most, signal, (either) =>
        ask<Met>(url('expect'), { method: 'POST', json: expectation, signal: either, waits: true }),
      );
    },
    /** Makes the server send a mail to itself through its SMTP port. */
    sendTestMail: () => ask<{ id: string }>(url('test-mail'), { method: 'POST' }),

    /** The saved searches. */
    searches: async (signal?: AbortSignal) => (await ask<Searches>(url('searches'), { signal })).searches,
    /** Saves a search, replacing any with the same name. */
    saveSearch: ({ name, q }: Search) =>
      ask<Search>(url(`searches/${encodeURIComponent(name)}`), { method: 'PUT', json: { q } }),
    removeSearch: async (name: string) => {
      await call(url(`searches/${encodeURIComponent(name)}`), { method: 'DELETE' });
    },

    /** The latest SMTP and POP3 sessions, newest first, also those that brought no mail. */
    sessions: (which: SessionsOf = {}, signal?: AbortSignal) =>
      ask<Sessions>(url('sessions', { ...which }), { signal }),
    /** A session with its transcript. */
    session: (id: string, signal?: AbortSignal) => ask<Session>(url(`sessions/${encodeURIComponent(id)}`), { signal }),

    mailboxes: (signal?: AbortSignal) => ask<Mailboxes>(url('mailboxes'), { signal }),
    server: (signal?: AbortSignal) => ask<Server>(url('server'), { signal }),
    feedUrl: () => url('feed').href.replace(/^http/, 'ws'),
  };
}

function enveloped(line: string, raw: Uint8Array | string): Uint8Array | string {
  if (typeof raw === 'string') return line + raw;
  const head = new TextEncoder().encode(line);
  const whole = new Uint8Array(head.length + raw.length);
  whole.set(head);
  whole.set(raw, head.length);
  return whole;
}

function select(which: Selection): { q: string } | { all: string } {
  return 'q' in which ? { q: which.q } : { all: 'true' };
}

async function head(response: Response, octets: number): Promise<Head> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let left = octets;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), complete: true };
    text += decoder.decode(value.subarray(0, left), { stream: true });
    if (value.length > left) {
      await reader.cancel();
      return { text, complete: false };
    }
    left -= value.length;
  }
  return { text, complete: true };
}
