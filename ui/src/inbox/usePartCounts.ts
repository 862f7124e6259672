import { useEffect, useState } from 'react';
import type { Api } from '../../../client/index.ts';
import { partsOf } from './search/query-parts.ts';

export interface PartCount {
  readonly part: string;
  /** How many mails match it alone. */
  readonly matched: number;
}

/** Mails tend to come in bursts: the parts are counted again when one is over. */
const SETTLE_MS = 500;

/**
 * How many mails each part of a query matches alone; empty until that is known, and for a query without parts.
 * @param total of all mails: the parts are counted again when it changes
 */
export function usePartCounts(api: Api, query: string, total: number): readonly PartCount[] {
  const [counts, setCounts] = useState<readonly PartCount[]>([]);
  const known = counts.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the total is a reason to ask again, it is not used; that there are counts is none
  useEffect(() => {
    const parts = partsOf(query);
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
  }, [api, query, total]);
  return counts;
}
