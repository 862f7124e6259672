import { useEffect, useState } from 'react';
import type { Api } from '../../../client/index.ts';

export interface PartCount {
  readonly part: string;
  /** How many mails match this part alone. */
  readonly matched: number;
}

/** Count again after this time, since mail comes in bursts. */
const SETTLE_MS = 500;

/**
 * How many mails each part of a query matches alone. Empty until known.
 * @param total number of all mails; a change triggers a new count
 */
export function usePartCounts(api: Api, parts: readonly string[], total: number): readonly PartCount[] {
  const [counts, setCounts] = useState<readonly PartCount[]>([]);
  const known = counts.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the total triggers a new count; a change of the counts must not
  useEffect(() => {
    if (parts.length === 0) return;
    const controller = new AbortController();
    const ask = async () => {
      const listings = parts.map((part) => api.list(part, { limit: 1 }, controller.signal));
      const answers = await Promise.all(listings).catch(() => null);
      if (answers === null || controller.signal.aborted) return;
      setCounts(parts.map((part, index) => ({ part, matched: answers[index]?.matched ?? 0 })));
    };
    const timer = setTimeout(ask, known ? SETTLE_MS : 0);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [api, parts.join('\n'), total]);
  return counts;
}
