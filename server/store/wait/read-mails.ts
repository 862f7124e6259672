import { clearTimeout, setTimeout } from 'node:timers';
import type { MessageTest } from '../../../wire/tests.ts';
import type { Content, Summary } from '../../message/message.ts';
import type { Slices } from '../../slices.ts';
import { inLanes } from '../lanes.ts';
import type { Store } from '../store.ts';
import { searchError } from '../unfinished.ts';
import { type Near, nearestFirst } from './nearest.ts';

interface Reading {
  /** The test that each mail must pass. */
  readonly test?: MessageTest | undefined;
  /** Whether the contents are wanted. */
  readonly full: boolean;
  /** In milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly slices: Slices;
}

interface ReadMails {
  /** By id: those of the newest mails, as many as fit into one response. */
  readonly contents: ReadonlyMap<string, Content>;
  /** How many were still being parsed when time was up. */
  readonly unread: number;
  /** Mails that fail the test. */
  readonly different: readonly Near[];
}

/** Most contents in one response. */
export const MAX_FULL = 200;
const MAX_FULL_OCTETS = 16 * 1024 * 1024;
const AT_ONCE = 8;

/**
 * Reads mails and tests each, in threads. The deadline holds even if the threads take longer.
 * @throws the signal's reason, once it is aborted; {MailstopError} `search-failed`, and `bad-query` for too much work
 */
export async function readMails(
  store: Store,
  messages: readonly Summary[],
  { test, full, timeout, signal, slices }: Reading,
): Promise<ReadMails> {
  const contents = new Map<string, Content>();
  const different: Near[] = [];
  const held = new Set(full ? fitting(messages) : []);
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeout);
  const until = [over.signal, signal];
  try {
    const unread = await inLanes(test ? messages : held, { width: AT_ONCE, until, slices }, async (message) => {
      const content = held.has(message) ? await store.content(message.id) : null;
      if (content) contents.set(message.id, content);
      const misses = test && (await store.compare(message.id, { test }, over.signal));
      if (misses) different.push({ message, misses });
    });
    signal?.throwIfAborted();
    return { contents, unread: unread.size, different: nearestFirst(different) };
  } catch (error) {
    throw searchError(error);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

function* fitting(messages: readonly Summary[]): Generator<Summary> {
  let octets = 0;
  for (const message of messages.slice(0, MAX_FULL)) {
    octets += message.size;
    // The first one always fits.
    if (octets > MAX_FULL_OCTETS && octets > message.size) return;
    yield message;
  }
}
