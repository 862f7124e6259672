import { useEffect, useState } from 'react';
import type { Api, Search } from '../../client/index.ts';
import type { Live } from './live.ts';

const none: readonly Search[] = [];

/** The saved searches, the same in every window. */
export function useSearches(api: Api, live: Live): readonly Search[] {
  const [searches, setSearches] = useState(none);
  useEffect(() => {
    const controller = new AbortController();
    const ask = () => api.searches(controller.signal).then(setSearches, () => {});
    const stop = live.subscribe({
      // Ask again after a disconnect: changes may have been missed.
      up: ask,
      frames: (frames) => {
        const latest = frames.findLast((frame) => frame.type === 'searches');
        if (latest) setSearches(latest.searches);
      },
    });
    void ask();
    return () => {
      stop();
      controller.abort();
    };
  }, [api, live]);
  return searches;
}
