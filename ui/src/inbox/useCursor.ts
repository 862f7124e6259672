import { useCallback, useEffect, useRef, useState } from 'react';
import type { ListHandle } from './MessageList.tsx';
import type { Visible } from './visible.ts';

export interface Cursor {
  readonly id: string | null;
  /** Moves by this many rows, or to the first (`-Infinity`) or last (`Infinity`). @returns the id of the new row */
  readonly move: (by: number) => string | null;
  readonly put: (id: string | null) => void;
  /** The row that gets the cursor when this one is removed: the next older or, at the end of the list, the newer. */
  readonly heirOf: (id: string) => string | null;
}

/** The row selected by keyboard. It follows the open message. */
export function useCursor(visible: Visible, openId: string | null, list: React.RefObject<ListHandle | null>): Cursor {
  const [id, setId] = useState<string | null>(openId);
  const place = useRef(-1);
  const now = useRef({ id, visible });
  now.current = { id, visible };

  useEffect(() => {
    if (openId !== null) setId(openId);
  }, [openId]);

  const index = id === null ? null : visible.indexOf(id);
  if (index !== null) place.current = index;

  const move = useCallback(
    (by: number) => {
      const { id: from, visible } = now.current;
      if (visible.count === 0) return null;
      const at = from === null ? -1 : (visible.indexOf(from) ?? Math.max(-1, place.current - Math.sign(by)));
      const to = Math.min(Math.max(at + by, 0), visible.count - 1);
      list.current?.scrollTo(to);
      // A row that isn't loaded has no id yet; it will when the key is pressed again.
      const next = visible.at(to)?.id ?? null;
      if (next !== null) setId(next);
      return next;
    },
    [list],
  );

  const heirOf = useCallback((gone: string) => {
    const { visible } = now.current;
    const at = visible.indexOf(gone);
    return at === null ? null : ((visible.at(at + 1) ?? visible.at(at - 1))?.id ?? null);
  }, []);

  return { id, move, put: setId, heirOf };
}
