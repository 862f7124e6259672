import type { Summary } from '../server/http/wire.ts';
import type { Expectation } from '../server/http/wire-expect.ts';
import { ApiError, ExpectationError } from './api-error.ts';
import { Mail, type MailSource } from './mail.ts';
import { asked, type Query } from './query.ts';
import { refuse } from './refusal.ts';
import type { CaptureOptions, CountOptions, Mails, NoneOptions, Range, WaitOptions } from './verbs.ts';

/** Shorter than the 5 s after which Vitest and Jest end a test: so it is the report that is seen. */
export const DEFAULT_TIMEOUT_MS = 4000;
export const DEFAULT_NONE_MS = 200;
/** Node's `fetch` gives up on an answer after five minutes. */
const MAX_MS = 240_000;
/** The server tells of one more mail than so many, but not of all there may be. */
const MAX_TOLD = 1000;
/** How many mails are fetched at a time. */
const AT_A_TIME = 8;

/**
 * The verbs on a part of the mail.
 * @param address what was delivered to it is meant; null for all mail
 * @param timeout how long to wait when nothing else is said, in milliseconds
 */
export function createMails(source: MailSource, address: string | null, timeout = DEFAULT_TIMEOUT_MS): Mails {
  const { api } = source;
  /** The mails that the test has been given; what else there is it has not seen. */
  const given = new Set<string>();
  let taken: number | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Newest first. */
  async function find(
    query: Query,
    wanted: Omit<Expectation, 'q' | 'where'>,
    signal?: AbortSignal,
  ): Promise<Summary[]> {
    const { messages } = await api.expect({ ...inScope(asked(query), address), ...wanted }, signal);
    return messages;
  }

  /** In the order in which they came, as a test tells the story. */
  async function findAll(...wanted: Parameters<typeof find>): Promise<Summary[]> {
    const messages = await find(...wanted);
    if (messages.length > MAX_TOLD) {
      refuse('read the mails', `more than ${MAX_TOLD} match`, 'narrow it down with a query, or page with api.list');
    }
    return messages.toReversed();
  }

  async function give(summaries: readonly Summary[], signal?: AbortSignal): Promise<Mail[]> {
    const mails: Mail[] = [];
    for (let start = 0; start < summaries.length; start += AT_A_TIME) {
      const some = summaries.slice(start, start + AT_A_TIME);
      const loaded = await Promise.all(some.map(({ id }) => load(source, id, signal)));
      mails.push(...loaded.filter((mail) => mail !== null));
    }
    for (const { id } of mails) given.add(id);
    return mails;
  }

  async function take({ signal, ...options }: WaitOptions): Promise<Mail> {
    for (;;) {
      const within = milliseconds(options.timeout, timeout);
      const [oldest] = await findAll('', { count: { min: 1 }, within, after: taken }, signal);
      const [mail] = oldest ? await give([oldest], signal) : [];
      // Only now: what an abort kept from being given is still to come.
      taken = oldest?.seq ?? taken;
      // Deleted before it could be read: it is as if it had not come.
      if (mail) return mail;
    }
  }

  return {
    async waitFor(query = '', { signal, ...options } = {}) {
      const within = milliseconds(options.timeout, timeout);
      const [newest] = await find(query, { count: { min: 1 }, within }, signal);
      const [mail] = newest ? await give([newest], signal) : [];
      return mail ?? refuse('wait for mail', 'it was deleted as soon as it came', 'let one test clear at a time');
    },

    async waitForCount(count, query = '', { signal, quiet = 0, ...options }: CountOptions = {}) {
      if (count === 0) refuse('wait for mail', 'a count of 0 is there at once', 'use expectNone');
      const within = milliseconds(options.timeout, timeout);
      return give(await findAll(query, { count: range(count), within, quiet: milliseconds(quiet, 0) }, signal), signal);
    },

    async expectNone({ matching = '', within = DEFAULT_NONE_MS, signal, ...rest }: NoneOptions = {}) {
      const [unknown] = Object.keys(rest);
      if (unknown !== undefined) {
        const please = `write expectNone({ matching: { ${unknown}: ... } }) for a query`;
        refuse('expect no mail', `"${unknown}" is not an option of expectNone`, please);
      }
      const span = milliseconds(within, 0);
      const there = await findAll(matching, { count: { min: 0 }, within: 0 }, signal);
      const count = there.filter(({ id }) => given.has(id)).length;
      // So many, and nothing more: one that was there all along, but that nobody has looked at, is one too many.
      await find(matching, count === 0 ? { count, within: span } : { count, within: 0, quiet: span }, signal);
    },

    async next(options = {}) {
      // One after the other: two calls at a time are two mails.
      const before = turn;
      let done = () => {};
      const mine = new Promise<void>((resolve) => {
        done = resolve;
      });
      turn = Promise.all([before, mine]);
      try {
        await orAborted(before, options.signal);
        return await take(options);
      } finally {
        done();
      }
    },

    async messages(query = '', { signal } = {}) {
      return give(await findAll(query, { count: { min: 0 }, within: 0 }, signal), signal);
    },

    async capture(block, { signal, count, quiet, ...options }: CaptureOptions = {}) {
      if (count !== undefined && quiet !== undefined) {
        refuse('capture mail', 'both "count" and "quiet" say when it is over', 'give one of them');
      }
      const within = milliseconds(options.timeout, timeout);
      const { seq: after } = await api.server(signal);
      await block();
      if (quiet !== undefined) await untilQuiet(after, milliseconds(quiet, 0), within, signal);
      const wanted = count === undefined ? { count: { min: 0 }, within: 0 } : { count: range(count), within };
      return give(await findAll('', { ...wanted, after }, signal), signal);
    },

    async clear({ signal } = {}) {
      return api.deleteAll(address === null ? { all: true } : { q: toAddress(address) }, signal);
    },
  };

  async function untilQuiet(after: number, quiet: number, within: number, signal?: AbortSignal): Promise<void> {
    const end = performance.now() + within;
    for (let cursor = after; ; ) {
      try {
        await find('', { count: 0, within: quiet, after: cursor }, signal);
        return;
      } catch (error) {
        if (!(error instanceof ExpectationError)) throw error;
        cursor = Math.max(cursor, ...error.messages.map(({ seq }) => seq));
      }
      if (performance.now() > end) {
        refuse('capture mail', `it has not been quiet for ${quiet} ms within ${within} ms`, 'raise "timeout"');
      }
    }
  }
}

/** Beside the query and not in it: the columns that an error names stay those of the text that was given. */
function inScope({ q, where }: Pick<Expectation, 'q' | 'where'>, address: string | null) {
  if (address === null) return { q, where };
  return where ? { q: toAddress(address), where } : { q, where: { rcpt: address } };
}

/** All mail that was delivered to an address, in the query language. */
function toAddress(address: string): string {
  return `rcpt:"${address}"`;
}

function range(count: number | Range): Range {
  return typeof count === 'number' ? { min: count, max: count } : count;
}

function milliseconds(value: number | undefined, fallback: number): number {
  const given = value ?? fallback;
  if (Number.isInteger(given) && given >= 0 && given <= MAX_MS) return given;
  refuse('wait for mail', `${given} is no time to wait`, `give whole milliseconds from 0 to ${MAX_MS}`);
}

async function load(source: MailSource, id: string, signal?: AbortSignal): Promise<Mail | null> {
  try {
    return new Mail(source, await source.api.message(id, signal));
  } catch (error) {
    if (error instanceof ApiError && error.code === 'message-not-found') return null;
    throw error;
  }
}

/** Does not wait any longer once the signal is aborted, whatever becomes of the promise. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
