import { useEffect, useState } from 'react';
import type { Api, Search } from '../../client/index.ts';
import { askWhenUp, type Live } from './live.ts';

const none: readonly Search[] = [];

/** The saved searches, the same in every window. */
export function useSearches(api: Api, live: Live): readonly Search[] {
  const [searches, setSearches] = useState(none);
  useEffect(() => {
    const stop = live.subscribe({
      frames: (frames) => {
        const latest = frames.findLast((frame) => frame.type === 'searches');
        if (latest) setSearches(latest.searches);
      },
    });
    const stopAsking = askWhenUp(live, api.searches, setSearches);
    return () => {
      stopAsking();
      stop();
    };
  }, [api, live]);
  return searches;
}
