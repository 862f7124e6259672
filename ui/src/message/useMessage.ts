import { useCallback, useEffect, useState } from 'react';
import { type Api, ApiError } from '../../../client/index.ts';
import type { Live } from '../live.ts';
import { follow, type MessageState } from './follow.ts';

const LOADING: MessageState = { status: 'loading' };

/** One message, kept up to date; null while none is open. */
export function useMessage(api: Api, live: Live, id: string | null): MessageState | null {
  const [known, setKnown] = useState<{ id: string | null; state: MessageState }>({ id, state: LOADING });
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((count) => count + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt triggers a new request
  useEffect(() => {
    if (id === null) return;
    const controller = new AbortController();
    const settle = (state: MessageState) => {
      if (controller.signal.aborted) return;
      // If the feed has already said why it is gone, keep that: the response knows less.
      setKnown((current) => (current.id === id && current.state.status === 'gone' ? current : { id, state }));
    };
    api.message(id, controller.signal).then(
      (message) => settle({ status: 'loaded', message }),
      (error: unknown) => settle(failed(error)),
    );
    return () => controller.abort();
  }, [api, id, attempt]);

  useEffect(() => {
    if (id === null) return;
    return live.subscribe({
      frames: (frames) => {
        setKnown((current) => {
          const before = current.id === id ? current.state : LOADING;
          const state = frames.reduce((state, frame) => follow(state, id, frame), before);
          return state === before ? current : { id, state };
        });
        // The missed events may include the deletion of this message.
        if (frames.some((frame) => frame.type === 'hello' && !frame.resumed)) again();
      },
    });
  }, [live, id, again]);

  if (id === null) return null;
  return known.id === id ? known.state : LOADING;
}

function failed(error: unknown): MessageState {
  if (!(error instanceof ApiError)) return { status: 'failed', detail: String(error) };
  if (error.code === 'message-not-found') return { status: 'gone', reason: 'unknown' };
  return { status: 'failed', detail: error.detail };
}
