import { type RefObject, useEffect, useRef } from 'react';

/**
 * A panel that hangs on the search box: it takes the focus when it opens, and ends when somebody goes elsewhere.
 * @param first what gets the focus, as a selector
 * @param onLeave somewhere else was clicked, or the focus went there
 * @param home the search box: being in it is not leaving
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
