import { everything } from '../../wire/query/query.ts';
import { type After, afterTimeout } from './after.ts';
import { follow } from './follow.ts';
import type { Listing, Store } from './store.ts';
import type { Upkeep } from './upkeep.ts';

/** Mail arriving faster than this (mails per `WINDOW_MS`) is a burst, in which receiving goes before parsing. */
const BURST = 10;
const WINDOW_MS = 100;
/** Mails given to the parser at a time: enough to keep it busy, few enough to pause soon for a burst. */
const AT_ONCE = 4;
/** Mails that a user sees without scrolling far. */
const FIRST_SEEN = 100;
/** Retries after transient failures: most mails at a time, and the delays in milliseconds; then give up. */
const MOST_RETRIED = 1000;
const RETRY_MS = [1000, 10_000, 60_000];

/**
 * Parses new mail in the background, newest first, so that previews and attachments show up and searches find the
 * bodies parsed.
 */
export function startIndexer(
  store: Store & Pick<Upkeep, 'prepare'>,
  report: (error: unknown) => void,
  after: After = afterTimeout,
): Disposable {
  const waiting: string[] = [];
  /** Attempts so far, by id, of mails that could not be parsed. */
  const attempts = new Map<string, number>();
  let arrived = 0;
  let busy = 0;
  /** Mails parsed since the queue was last empty. The first ones are the newest, which users look at next. */
  let streak = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const wake = (ms: number) => {
    timer ??= setTimeout(work, ms).unref();
  };

  const work = () => {
    timer = undefined;
    const burst = arrived >= BURST;
    arrived = 0;
    // A slow mail keeps its slot; the others go on in parallel.
    if (!burst) for (let free = Math.min(AT_ONCE - busy, waiting.length); free > 0; free--) void parseSome();
    if (waiting.length > 0 && !stopped) wake(WINDOW_MS);
  };

  const parseSome = async () => {
    busy += 1;
    while (waiting.length > 0 && arrived < BURST && !stopped) {
      streak = waiting.length > 1 ? streak + 1 : 0;
      const id = waiting.pop() ?? '';
      if (await store.prepare(id, streak < FIRST_SEEN).catch(failed)) attempts.delete(id);
      else retry(id);
    }
    busy -= 1;
  };

  const failed = (error: unknown) => {
    report(error);
    return true;
  };

  const retry = (id: string) => {
    const attempt = attempts.get(id) ?? 0;
    const delay = RETRY_MS[attempt];
    if (delay === undefined || attempts.size >= MOST_RETRIED || stopped) {
      attempts.delete(id);
      return;
    }
    attempts.set(id, attempt + 1);
    after(delay, () => {
      if (stopped) return;
      // Mail that came meanwhile goes first.
      waiting.unshift(id);
      wake(0);
    });
  };

  const parseLater = ({ messages }: Listing) => {
    waiting.unshift(...messages.flatMap(({ id, preview }) => (preview === null ? [id] : [])).reverse());
    if (waiting.length > 0 && !stopped) wake(0);
  };

  const following = follow(
    store,
    (event) => {
      // Earlier mail is parsed when somebody asks for it, except the first page of the inbox.
      if (event.type === 'start') store.list(everything, { limit: FIRST_SEEN }).then(parseLater, report);
      if (event.type === 'cleared') waiting.length = 0;
      if (event.type !== 'added') return;
      waiting.push(event.message.id);
      // In an endless burst, mails that wait here get evicted from the store, so keep only the newest.
      if (waiting.length > 2 * event.counts.total + 1000) waiting.splice(0, waiting.length - event.counts.total);
      arrived += 1;
      wake(0);
    },
    report,
  );

  return {
    [Symbol.dispose]() {
      stopped = true;
      following[Symbol.dispose]();
      clearTimeout(timer);
    },
  };
}
