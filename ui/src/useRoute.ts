import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './route.ts';

export interface Navigation {
  readonly route: Route;
  /** Goes there; `replace` when going back should skip where we are. */
  readonly go: (route: Route, how?: { readonly replace?: boolean }) => void;
  /** Goes back to `route` when that is where we came from, else forward to it. */
  readonly leaveTo: (route: Route) => void;
}

/** The browser's own history event does not tell of changes that a page makes itself. */
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
