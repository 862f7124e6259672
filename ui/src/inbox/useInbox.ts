import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { type Api, ApiError } from '../../../client/index.ts';
import type { Live } from '../live.ts';
import { type Inbox, slotOfIndex, unknown, type View, wanted } from './inbox.ts';
import { reduce } from './reduce.ts';

/** Reload rows in doubt after this time, since changes come in bursts. */
const SETTLE_MS = 150;

export interface LiveInbox {
  readonly inbox: Inbox;
  /** When the feed went down; null while it is up. */
  readonly offlineSince: Date | null;
  /** Sets which rows are in view, so that they are loaded. */
  readonly look: (view: View) => void;
  readonly retry: () => void;
}

/** Retry after this time while the server is starting. */
const STARTING_MS = 1000;

/** The live list of mails that match `query`. Components get their rows from here, never from the network. */
export function useInbox(api: Api, live: Live, query: string): LiveInbox {
  const [inbox, dispatch] = useReducer(reduce, { ...unknown, query });
  const [view, setView] = useState<View>({ first: 0, last: 30 });
  const [offlineSince, setOfflineSince] = useState<Date | null>(null);
  const latest = useRef({ inbox, view });
  latest.current = { inbox, view };

  useEffect(
    () =>
      live.subscribe({
        frames: (frames) => {
          const around = slotOfIndex(latest.current.inbox, latest.current.view.first);
          dispatch({ type: 'frames', frames, around });
        },
        up: () => {
          setOfflineSince(null);
          dispatch({ type: 'up' });
        },
        down: () => {
          setOfflineSince((since) => since ?? new Date());
          dispatch({ type: 'down' });
        },
      }),
    [live],
  );

  const asking = useRef<AbortController | null>(null);
  useEffect(() => {
    dispatch({ type: 'search', query });
    return () => {
      asking.current?.abort();
      asking.current = null;
    };
  }, [query]);

  // One request at a time: its response renders again, which sends the next if needed. The first waits for the feed, so
  // that no change is missed in between.
  useEffect(() => {
    const ready = inbox.link === 'offline' || inbox.counts !== null;
    if (!ready || asking.current !== null || inbox.query !== query || wanted(inbox, view) === null) return;
    const controller = new AbortController();
    asking.current = controller;
    const ask = async () => {
      const { inbox: asked, view: at } = latest.current;
      const want = wanted(asked, at);
      if (want === null) return;
      const listing = await api.list(asked.query, want, controller.signal);
      if (!controller.signal.aborted) dispatch({ type: 'loaded', asked, offset: want.offset, listing });
    };
    const start = async () => {
      if (controller.signal.aborted) return;
      try {
        await ask();
      } catch (error) {
        if (controller.signal.aborted) return;
        const { code, detail } = error instanceof ApiError ? error : new ApiError('unknown', 0, String(error));
        dispatch({ type: 'failed', query, code, detail });
      } finally {
        if (asking.current === controller) asking.current = null;
      }
    };
    setTimeout(start, inbox.answered && inbox.doubt > inbox.settled ? SETTLE_MS : 0);
  });

  const starting = inbox.failure?.code === 'starting' ? inbox.failure : null;
  useEffect(() => {
    if (starting === null) return;
    const timer = setTimeout(() => dispatch({ type: 'retry' }), STARTING_MS);
    return () => clearTimeout(timer);
  }, [starting]);
  // The server is up: reconnect the feed at once.
  const started = starting === null && inbox.failure === null && inbox.answered;
  useEffect(() => {
    if (started) live.wake();
  }, [started, live]);

  const retry = useCallback(() => dispatch({ type: 'retry' }), []);
  const look = useCallback((next: View) => {
    setView((known) => (known.first === next.first && known.last === next.last ? known : next));
  }, []);
  return { inbox, offlineSince, look, retry };
}
