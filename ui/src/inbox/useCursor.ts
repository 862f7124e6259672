import { useCallback, useEffect, useRef, useState } from 'react';
import type { ListHandle } from './MessageList.tsx';
import type { Visible } from './visible.ts';

export interface Cursor {
  readonly id: string | null;
  /**
   * Moves by this many rows, or to the first (`-Infinity`) or last (`Infinity`).
   * @returns the id of the new row; null while it isn't loaded
   */
  readonly move: (by: number) => string | null;
  readonly put: (id: string | null) => void;
  /** The row that gets the cursor when this one is removed: the next older or, at the end of the list, the newer. */
  readonly heirOf: (id: string) => string | null;
}

/** The row selected by keyboard. It follows the open message. */
export function useCursor(visible: Visible, openId: string | null, list: React.RefObject<ListHandle | null>): Cursor {
  const [id, setId] = useState<string | null>(openId);
  /** The key of the row that gets the cursor as soon as it is loaded. Until then no row has it, so no key acts on one. */
  const [awaited, setAwaited] = useState<string | null>(null);
  const place = useRef(-1);
  const now = useRef({ id, awaited, visible });
  now.current = { id, awaited, visible };

  const put = useCallback((next: string | null) => {
    setAwaited(null);
    setId(next);
  }, []);

  useEffect(() => {
    if (openId !== null) put(openId);
  }, [openId, put]);

  const index = awaited !== null ? visible.indexOfKey(awaited) : id === null ? null : visible.indexOf(id);
  if (index !== null) place.current = index;
  const arrived = awaited === null || index === null ? undefined : visible.at(index)?.id;
  useEffect(() => {
    if (arrived !== undefined) put(arrived);
  }, [arrived, put]);

  const move = useCallback(
    (by: number) => {
      const { id: from, awaited, visible } = now.current;
      if (visible.count === 0) return null;
      const known = awaited !== null ? visible.indexOfKey(awaited) : from === null ? -1 : visible.indexOf(from);
      const at = known ?? Math.max(-1, place.current - Math.sign(by));
      const to = Math.min(Math.max(at + by, 0), visible.count - 1);
      list.current?.scrollTo(to);
      const next = visible.at(to)?.id ?? null;
      put(next);
      if (next === null) setAwaited(visible.keyAt(to));
      return next;
    },
    [list, put],
  );

  const heirOf = useCallback((gone: string) => {
    const { visible } = now.current;
    const at = visible.indexOf(gone);
    return at === null ? null : ((visible.at(at + 1) ?? visible.at(at - 1))?.id ?? null);
  }, []);

  return { id, move, put, heirOf };
}
