import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Candidate, matches } from '../message/matches.ts';
import type { Query } from '../message/query.ts';

/** How long a search may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 8;
/** How many bodies are asked for at once: enough to keep the parser busy, few enough to stop soon. */
const BODIES_AT_ONCE = 16;

interface Options<T> {
  /** Fills in the candidate's body and attachments. */
  readonly parse: (candidate: T) => Promise<unknown>;
  /** False for a mail that was removed while the search was under way. */
  readonly exists: (candidate: T) => boolean;
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
  const { parse, exists, signal } = options;
  const maybe: T[] = [];
  const unknown: T[] = [];
  let until = performance.now() + SLICE_MS;
  for (const candidate of all) {
    if (performance.now() > until) {
      await nextTurn();
      signal?.throwIfAborted();
      until = performance.now() + SLICE_MS;
    }
    const verdict = matches(query, candidate);
    if (verdict !== false) maybe.push(candidate);
    if (verdict === 'unknown') unknown.push(candidate);
  }
  for (let at = 0; at < unknown.length; at += BODIES_AT_ONCE) {
    await Promise.all(unknown.slice(at, at + BODIES_AT_ONCE).map(parse));
    signal?.throwIfAborted();
  }
  // Asked again, since read marks, tags and bodies may have changed on the way.
  const doubtful = new Set(unknown);
  return maybe.filter(
    (candidate) => exists(candidate) && (!doubtful.has(candidate) || matches(query, candidate) === true),
  );
}
