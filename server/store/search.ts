import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Candidate, matcherOf } from '../message/matches.ts';
import type { Content } from '../message/message.ts';
import type { Query } from '../message/query.ts';
import type { Page } from './store.ts';

/** How long a search may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 8;
/** The clock is looked at once for so many mails. */
const LOOKS_AT_CLOCK = 64;
/** How many bodies are asked for at once: enough to keep the parser busy, few enough to stop soon. */
const BODIES_AT_ONCE = 16;

interface Options<T> {
  /** Parses the candidate's mail, and fills in its body and attachments. */
  readonly parse: (candidate: T) => Promise<Content>;
  /** False for a mail that was removed while the search was under way. */
  readonly exists: (candidate: T) => boolean;
  /** Unix time in ms. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The candidates that match, in their order. Bodies not parsed yet are parsed when, and only when, the answer hangs
 * on them, so that a search is right at any time. Gives way to others in between.
 * @throws the signal's reason, once it is aborted
 */
export async function search<T extends Candidate>(
  all: readonly T[],
  query: Query,
  options: Options<T>,
): Promise<readonly T[]> {
  const { parse, exists, now, signal } = options;
  const matcher = matcherOf(query);
  const maybe: T[] = [];
  const unknown: T[] = [];
  let until = performance.now() + SLICE_MS;
  for (const [i, candidate] of all.entries()) {
    // Telling the time takes as long as looking at some mails.
    if (i % LOOKS_AT_CLOCK === 0 && performance.now() > until) {
      await nextTurn();
      signal?.throwIfAborted();
      until = performance.now() + SLICE_MS;
    }
    const verdict = matcher(candidate, now);
    if (verdict !== false) maybe.push(candidate);
    if (verdict === 'unknown') unknown.push(candidate);
  }
  const found = new Set<T>();
  for (let at = 0; at < unknown.length; at += BODIES_AT_ONCE) {
    await Promise.all(
      unknown.slice(at, at + BODIES_AT_ONCE).map(async (candidate) => {
        const content = await parse(candidate);
        const { summary, head, body } = candidate;
        if (matcher({ summary, head, body, content }, now) === true) found.add(candidate);
      }),
    );
    signal?.throwIfAborted();
  }
  const doubtful = new Set(unknown);
  return maybe.filter((candidate) => exists(candidate) && (!doubtful.has(candidate) || found.has(candidate)));
}

/** The window on what was found, newest first. */
export function pageOf<T extends { readonly seq: number }>(found: readonly T[], page: Page): readonly T[] {
  const { limit, offset = 0, before = Number.POSITIVE_INFINITY, after = -1 } = page;
  return found.filter(({ seq }) => seq > after && seq < before).slice(offset, offset + limit);
}
