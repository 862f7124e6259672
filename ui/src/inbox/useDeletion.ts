import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Api, ApiError } from '../../../client/index.ts';

/** How long a deletion can be undone: nothing is deleted before that. */
export const UNDO_MS = 8000;
/** With more pending deletions than this, all but the last are sent at once: so many were meant. */
const MOST_PENDING = 50;

export interface Deletion {
  /** Hidden from the list: deleted, or about to be. */
  readonly hidden: ReadonlySet<string>;
  /** Deletions that can still be undone. */
  readonly pending: readonly string[];
  readonly remove: (id: string) => void;
  readonly undo: () => void;
}

/** Hides a mail at once but deletes it later, or when the page is left, so that it can be undone. */
export function useDeletion(api: Api, onFailure: (detail: string) => void): Deletion {
  const [pending, setPending] = useState<readonly string[]>([]);
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set());
  const latest = useRef(pending);
  latest.current = pending;

  const send = useCallback(
    (ids: readonly string[], keepalive = false) => {
      setPending((known) => known.filter((id) => !ids.includes(id)));
      setSent((known) => new Set([...known, ...ids]));
      for (const id of ids) {
        api.delete(id, { keepalive }).catch((error: unknown) => {
          // Already deleted by someone else.
          if (error instanceof ApiError && error.code === 'message-not-found') return;
          setSent((known) => new Set([...known].filter((other) => other !== id)));
          onFailure(error instanceof ApiError ? error.detail : String(error));
        });
      }
    },
    [api, onFailure],
  );

  useEffect(() => {
    if (pending.length === 0) return;
    if (pending.length > MOST_PENDING) return send(pending.slice(0, -1));
    const timer = setTimeout(() => send(pending), UNDO_MS);
    return () => clearTimeout(timer);
  }, [pending, send]);

  useEffect(() => {
    const leave = () => send(latest.current, true);
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, [send]);

  const remove = useCallback((id: string) => setPending((ids) => (ids.includes(id) ? ids : [...ids, id])), []);
  const undo = useCallback(() => setPending([]), []);
  const hidden = useMemo(() => new Set([...sent, ...pending]), [sent, pending]);
  return { hidden, pending, remove, undo };
}
