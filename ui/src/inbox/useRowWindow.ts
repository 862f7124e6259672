import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { HEADING_PX, type Layout } from './days.ts';
import type { View } from './inbox.ts';

/** Rows that are rendered above and below the view. */
const OVERSCAN = 8;
/** Within this distance the list counts as being at the top: new mail then pushes the rows down. */
const AT_TOP_PX = 8;

interface Options {
  readonly count: number;
  readonly rowHeight: number;
  readonly layout: Layout;
  /** A key that identifies a row when rows above it are added or removed. */
  readonly keyAt: (index: number) => string;
  /** The current index of that row; null if it is gone. */
  readonly indexOfKey: (key: string) => number | null;
  /** Identifies the list: another list starts at its top. */
  readonly list: string;
}

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The rows in view. */
  readonly view: View;
  /** The rows to render. */
  readonly rendered: View;
  readonly atTop: boolean;
  readonly onScroll: () => void;
  readonly scrollTo: (index: number) => void;
}

/**
 * The rows of a long list that need rendering, found in a time that does not depend on its length. When rows or
 * headings above are added or removed, the first row in view stays where it is.
 */
export function useRowWindow({ count, rowHeight, layout, keyAt, indexOfKey, list }: Options): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [{ top, height }, setPlace] = useState({ top: 0, height: 800 });
  const anchor = useRef<{ key: string; top: number; list: string } | null>(null);

  const measure = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight } = element;
    setPlace((known) =>
      known.top === scrollTop && known.height === clientHeight ? known : { top: scrollTop, height: clientHeight },
    );
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const held = anchor.current;
    if (held !== null && held.list !== list) {
      element.scrollTop = 0;
    } else if (held !== null && element.scrollTop > AT_TOP_PX) {
      const index = indexOfKey(held.key);
      const moved = index === null ? 0 : layout.topOf(index) - held.top;
      if (moved !== 0) element.scrollTop += moved;
    }
    const first = layout.indexAt(element.scrollTop);
    anchor.current = { key: keyAt(first), top: layout.topOf(first), list };
    measure();
  });

  const scrollTo = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element) return;
      // The heading of the day is sticky, so the row must be below it.
      const start = layout.topOf(index) - HEADING_PX;
      const end = start + HEADING_PX + rowHeight - element.clientHeight;
      if (start < element.scrollTop) element.scrollTop = index === 0 ? 0 : start;
      if (end > element.scrollTop) element.scrollTop = end;
    },
    [layout, rowHeight],
  );

  const lastRow = Math.max(0, count - 1);
  const first = Math.min(lastRow, layout.indexAt(top));
  const last = Math.min(lastRow, Math.max(first, layout.indexAt(top + height)));
  const rendered = { first: Math.max(0, first - OVERSCAN), last: Math.min(lastRow, last + OVERSCAN) };
  return { scroller, view: { first, last }, rendered, atTop: top <= AT_TOP_PX, onScroll: measure, scrollTo };
}
