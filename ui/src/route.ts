/** What the page shows, as encoded in its URL, so that it can be linked, reloaded and opened in another tab. */
export interface Route {
  readonly page: 'inbox' | 'message' | 'connect';
  /** The open message; null on other pages. */
  readonly id: string | null;
  /** The search; empty for everything. */
  readonly q: string;
  /** The selected tab; null for the default of the message. */
  readonly tab: Tab | null;
}

export const tabs = ['html', 'text', 'links', 'source', 'headers', 'parts'] as const;
export type Tab = (typeof tabs)[number];

export function parseRoute({ pathname, search }: { readonly pathname: string; readonly search: string }): Route {
  const parameters = new URLSearchParams(search);
  const q = parameters.get('q') ?? '';
  const [, id] = /^\/messages\/([A-Za-z0-9_-]{8,64})\/?$/.exec(pathname) ?? [];
  if (id !== undefined) {
    const tab = tabs.find((name) => name === parameters.get('tab')) ?? null;
    return { page: 'message', id, q, tab };
  }
  return { page: pathname === '/connect' ? 'connect' : 'inbox', id: null, q, tab: null };
}

/**
 * The search in a link from another site; empty for none. The server puts it into `ask`, so that a page elsewhere can't
 * make the inbox search and watch how long that takes. Null when no other site led here.
 */
export function heldSearch({ search }: { readonly search: string }): string | null {
  return new URLSearchParams(search).get('ask');
}

export function formatRoute({ page, id, q, tab }: Route): string {
  const parameters = new URLSearchParams();
  if (q !== '') parameters.set('q', q);
  if (page === 'message' && tab !== null) parameters.set('tab', tab);
  const path = page === 'message' ? `/messages/${id}` : page === 'connect' ? '/connect' : '/';
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

export const inboxRoute = (q: string): Route => ({ page: 'inbox', id: null, q, tab: null });
export const messageRoute = (id: string, q: string, tab: Tab | null = null): Route => ({ page: 'message', id, q, tab });
export const connectRoute = (q: string): Route => ({ page: 'connect', id: null, q, tab: null });
