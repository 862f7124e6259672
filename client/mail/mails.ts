import type { Expectation } from '../../wire/expect.ts';
import type { Message, Summary } from '../../wire/message.ts';
import { ExpectationError } from '../api/api-error.ts';
import { expectAcrossRestarts } from '../api/restarts.ts';
import { asked, type Query } from '../query.ts';
import { refuse } from '../refusal.ts';
import type { CaptureOptions, CountOptions, Mails, NoneOptions, Range, WaitOptions } from '../verbs.ts';
import { Mail, type MailSource } from './mail.ts';

/** Below the 5 s test timeout of Vitest and Jest, so that the user sees our report. */
export const DEFAULT_TIMEOUT_MS = 4000;
export const DEFAULT_NONE_MS = 200;
/** Node's `fetch` gives up on a response after five minutes. */
const MAX_MS = 240_000;
/** The server returns at most one mail more than this. */
const MAX_TOLD = 1000;

/** A whole mail, or its summary. */
type Found = Message | Summary;

/**
 * The verbs on all mail or on one mailbox.
 * @param address only mail delivered to it counts; null for all mail
 * @param timeout default timeout, in milliseconds
 */
export function createMails(source: MailSource, address: string | null, timeout = DEFAULT_TIMEOUT_MS): Mails {
  const { api, epoch = null } = source;
  /** Mails that the test has been given. It has not seen any others. */
  const given = new Set<string>();
  let taken: number | undefined;
  /** Mails that `next` will return, oldest first. */
  let upcoming: readonly Summary[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  function startOver(): void {
    taken = undefined;
    upcoming = [];
  }

  /** Newest first. */
  async function find(
    query: Query,
    wanted: Omit<Expectation, 'q' | 'where'>,
    signal?: AbortSignal,
  ): Promise<readonly Found[]> {
    const expectation = { ...inScope(asked(query), address), ...wanted };
    const { messages } = await (epoch
      ? expectAcrossRestarts(api, expectation, { epoch, lost: startOver, signal })
      : api.expect(expectation, signal));
    return messages;
  }

  /** In the order in which they arrived, which is how a test reads. */
  async function findAll(...wanted: Parameters<typeof find>): Promise<readonly Found[]> {
    const messages = await find(...wanted);
    if (messages.length > MAX_TOLD) {
      refuse('read the mails', `more than ${MAX_TOLD} match`, 'narrow it down with a query, or page with api.list');
    }
    return messages.toReversed();
  }

  async function give(found: readonly Found[], signal?: AbortSignal): Promise<Mail[]> {
    const missing = found.flatMap((mail) => (isWhole(mail) ? [] : [mail.id]));
    const loaded = new Map((await api.mails(missing, signal)).map((mail) => [mail.id, mail]));
    const whole = found.map((mail) => (isWhole(mail) ? mail : loaded.get(mail.id)));
    const mails = whole.filter((mail) => mail !== undefined).map((mail) => new Mail(source, mail));
    for (const { id } of mails) given.add(id);
    return mails;
  }

  async function take({ signal, ...options }: WaitOptions): Promise<Mail> {
    for (;;) {
      if (upcoming.length === 0) {
        const within = milliseconds(options.timeout, timeout);
        upcoming = await findAll(
          '',
          { count: { min: 1 }, within, ...(taken !== undefined && { after: taken }) },
          signal,
        );
      }
      const [oldest] = upcoming;
      const [mail] = oldest ? await give([oldest], signal) : [];
      // Only now: a mail that an abort held back is still to be given.
      taken = oldest?.seq ?? taken;
      upcoming = upcoming.slice(1);
      // Deleted before it could be read: treat it as if it had not come.
      if (mail) return mail;
    }
  }

  return {
    async waitFor(query = '', { signal, ...options } = {}) {
      const within = milliseconds(options.timeout, timeout);
      const [newest] = await find(query, { count: { min: 1 }, within, full: true }, signal);
      const [mail] = newest ? await give([newest], signal) : [];
      return mail ?? refuse('wait for mail', 'it was deleted as soon as it arrived', 'let one test clear at a time');
    },

    async waitForCount(count, query = '', { signal, quiet = 0, ...options }: CountOptions = {}) {
      if (count === 0) refuse('wait for mail', 'a count of 0 is met at once', 'use expectNone');
      const within = milliseconds(options.timeout, timeout);
      const wanted = { count: range(count), within, quiet: milliseconds(quiet, 0), full: true };
      return give(await findAll(query, wanted, signal), signal);
    },

    async expectNone({ matching = '', within = DEFAULT_NONE_MS, signal, ...rest }: NoneOptions = {}) {
      const [unknown] = Object.keys(rest);
      if (unknown !== undefined) {
        const please = `write expectNone({ matching: { ${unknown}: ... } }) for a query`;
        refuse('expect no mail', `"${unknown}" is not an option of expectNone`, please);
      }
      const span = milliseconds(within, 0);
      const there = await findAll(matching, { count: { min: 0 }, within: span }, signal);
      const count = there.filter(({ id }) => given.has(id)).length;
      // Exactly this many, and no more: a mail that was already there but not given to the test is one too many.
      await find(matching, count === 0 ? { count, within: span } : { count, within: 0, quiet: span }, signal);
    },

    async next(options = {}) {
      // One at a time: two concurrent calls return two mails.
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
      // Not `full`: there is no deadline here, so reading the mails may take as long as it needs.
      return give(await findAll(query, { count: { min: 0 }, within: timeout }, signal), signal);
    },

    async capture(block, { signal, count, quiet, ...options }: CaptureOptions = {}) {
      if (count !== undefined && quiet !== undefined) {
        refuse('capture mail', '"count" and "quiet" both say when to stop', 'give only one of them');
      }
      const within = milliseconds(options.timeout, timeout);
      const { seq: after } = await api.server(signal);
      await block();
      if (quiet !== undefined) await untilQuiet(after, milliseconds(quiet, 0), within, signal);
      const wanted = { count: count === undefined ? { min: 0 } : range(count), within, after, full: true };
      return give(await findAll('', wanted, signal), signal);
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
        refuse(
          'capture mail',
          `mail kept arriving: there was no pause of ${quiet} ms within ${within} ms`,
          'raise "timeout"',
        );
      }
    }
  }
}

/** Next to the query, not in it, so that columns in error messages still refer to the given text. */
function inScope(query: Pick<Expectation, 'q' | 'where'>, address: string | null): Pick<Expectation, 'q' | 'where'> {
  if (address === null) return query;
  return query.where ? { q: toAddress(address), where: query.where } : { ...query, where: { rcpt: address } };
}

/** A query for all mail delivered to an address. */
function toAddress(address: string): string {
  return `rcpt:"${address}"`;
}

function isWhole(mail: Found): mail is Message {
  return 'headers' in mail;
}

function range(count: number | Range): Range {
  if (typeof count === 'number') return { min: count, max: count };
  const { min, max = min } = count;
  if (min > max) refuse('count mail', `"min" ${min} is more than "max" ${max}`, 'give the smaller number as "min"');
  return count;
}

function milliseconds(value: number | undefined, fallback: number): number {
  const given = value ?? fallback;
  if (Number.isInteger(given) && given >= 0 && given <= MAX_MS) return given;
  refuse('wait for mail', `${given} is not a valid time to wait`, `give whole milliseconds from 0 to ${MAX_MS}`);
}

/** Stops waiting once the signal is aborted, whatever happens to the promise. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
