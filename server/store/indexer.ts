import { everything } from '../../wire/query/query.ts';
import { type After, afterTimeout } from './after.ts';
import type { Listing, Store } from './store.ts';

/** Mail arriving faster than this (mails in `WINDOW_MS`) is a burst, in which taking mail goes before parsing it. */
const BURST = 10;
const WINDOW_MS = 100;
/** So many mails are on their way to the parser at a time: it never waits for the next, and soon stops for a burst. */
const AT_ONCE = 4;
/** So many mails are seen without scrolling far. */
const FIRST_SEEN = 100;
/** Mails that can't be parsed just now, and are tried again: later each time, in milliseconds, then no more. */
const MOST_RETRIED = 1000;
const RETRY_MS = [1000, 10_000, 60_000];

/**
 * Parses new mail when there is time for it, newest first, so that previews and attachments show up by themselves and
 * searches find the bodies ready.
 */
export function startIndexer(store: Store, report: (error: unknown) => void, after: After = afterTimeout): Disposable {
  const waiting: string[] = [];
  /** Attempts at mails that could not be parsed. */
  const attempts = new Map<string, number>();
  let arrived = 0;
  let busy = 0;
  /** Parsed since there was nothing to do: the first of them are the newest, which are looked at next. */
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
    // One that takes long keeps its place; the others go on beside it.
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
      // What came meanwhile goes first.
      waiting.unshift(id);
      wake(0);
    });
  };

  const parseLater = ({ messages }: Listing) => {
    waiting.unshift(...messages.flatMap(({ id, preview }) => (preview === null ? [id] : [])).reverse());
    if (waiting.length > 0 && !stopped) wake(0);
  };
  // Mail of an earlier run is parsed when somebody asks for it, but for what the inbox shows first.
  store.list(everything, { limit: FIRST_SEEN }).then(parseLater, report);

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'cleared') waiting.length = 0;
    if (event.type !== 'added') return;
    waiting.push(event.message.id);
    // In a burst that never ends the limits push out what waits here, too; the newest are what is still there.
    if (waiting.length > 2 * event.counts.total + 1000) waiting.splice(0, waiting.length - event.counts.total);
    arrived += 1;
    wake(0);
  });

  return {
    [Symbol.dispose]() {
      stopped = true;
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
