import { clearTimeout, setTimeout } from 'node:timers';
import type { Query } from '../../../wire/query/query.ts';
import type { Summary } from '../../message/message.ts';
import { isOpen, type Miss, missesOf } from '../../message/query/explain.ts';
import { searchableHead } from '../../message/query/searchable-head.ts';
import type { Slices } from '../../slices.ts';
import { inLanes } from '../lanes.ts';
import type { Store } from '../store.ts';
import { Unfinished } from '../unfinished.ts';

/** A mail that does not meet the expectation, and why. */
export interface Near {
  readonly message: Summary;
  readonly misses: readonly Miss[];
}

interface Nearness {
  /** How long threads may take to add to what the main thread knows, in milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly slices: Slices;
}

const MAX_CLOSEST = 3;
const AT_ONCE = 8;

/**
 * The mails closest to a query, with what they miss. Most misses are known without the body; threads find the others,
 * as far as time allows.
 * @throws the signal's reason, once it is aborted
 */
export async function nearest(
  store: Store,
  query: Query,
  messages: readonly Summary[],
  now: Date,
  { timeout, signal, slices }: Nearness,
): Promise<readonly Near[]> {
  const time = now.getTime();
  const near = new Map<Summary, readonly Miss[]>();
  await inLanes(messages, { width: 1, until: [signal], slices }, async (summary) => {
    near.set(summary, missesOf(query, { summary, head: searchableHead(summary), body: null }, time));
  });
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeout);
  try {
    const unclear = messages.filter((message) => near.get(message)?.some(isOpen));
    await inLanes(unclear, { width: AT_ONCE, until: [over.signal, signal], slices }, async (message) => {
      const misses = await store.compare(message.id, { query, now: time }, over.signal).catch(notKnown);
      if (misses && !over.signal.aborted) near.set(message, misses);
    });
  } finally {
    clearTimeout(timer);
    over.abort();
  }
  signal?.throwIfAborted();
  return nearestFirst([...near].map(([message, misses]) => ({ message, misses })));
}

/** A failure here leaves the report less complete; it must not fail the report. */
function notKnown(error: unknown): null {
  if (error instanceof Unfinished) return null;
  throw error;
}

/** Fewest misses first, then newest first; mails without misses are left out. */
export function nearestFirst(near: readonly Near[]): readonly Near[] {
  return near
    .filter(({ misses }) => misses.length > 0)
    .toSorted((a, b) => a.misses.length - b.misses.length || b.message.seq - a.message.seq)
    .slice(0, MAX_CLOSEST);
}
