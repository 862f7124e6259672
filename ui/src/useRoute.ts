import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './route.ts';

export interface Navigation {
  readonly route: Route;
  /** Navigates. With `replace`, going back skips the current page. */
  readonly go: (route: Route, how?: { readonly replace?: boolean }) => void;
  /** Goes back if `route` is the previous page, or else navigates to it. */
  readonly leaveTo: (route: Route) => void;
}

/** The browser's `popstate` does not fire for changes that the page makes itself. */
const CHANGED = 'mailstop:route';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

const address = () => window.location.pathname + window.location.search;

export function useRoute(): Navigation {
  const current = useSyncExternalStore(subscribe, address);
  const route = useMemo(() => parseRoute(new URL(current, window.location.origin)), [current]);

  const go = useCallback((next: Route, { replace = false } = {}) => {
    const target = formatRoute(next);
    if (target === address()) return;
    const cameFrom: unknown = window.history.state?.cameFrom;
    if (replace) window.history.replaceState({ cameFrom }, '', target);
    else window.history.pushState({ cameFrom: address() }, '', target);
    window.dispatchEvent(new Event(CHANGED));
  }, []);

  const leaveTo = useCallback(
    (next: Route) => {
      if (window.history.state?.cameFrom === formatRoute(next)) window.history.back();
      else go(next, { replace: true });
    },
    [go],
  );

  return { route, go, leaveTo };
}
