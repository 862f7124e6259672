import { type RefObject, useEffect, useRef } from 'react';

/**
 * A panel below the search box: takes the focus when it opens, and closes when the focus moves elsewhere.
 * @param first selector of the element that gets the focus
 * @param onLeave called after a click elsewhere, or when the focus moves elsewhere
 * @param home the search box; focus and clicks in it count as inside
 */
export function usePanel(
  first: string,
  onLeave: () => void,
  home: RefObject<HTMLElement | null>,
): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    const target = panel.current?.querySelector<HTMLElement>(first) ?? panel.current;
    target?.focus({ preventScroll: true });
    const onMove = ({ target }: Event) => {
      if (target instanceof Node && !home.current?.contains(target)) leave.current();
    };
    document.addEventListener('pointerdown', onMove);
    document.addEventListener('focusin', onMove);
    return () => {
      document.removeEventListener('pointerdown', onMove);
      document.removeEventListener('focusin', onMove);
    };
  }, [first, home]);
  return panel;
}
