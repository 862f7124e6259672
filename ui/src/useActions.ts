import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Api, ApiError, type Search } from '../../client/index.ts';
import type { Flags } from '../../wire/flags.ts';
import { copy } from './widgets/clipboard.ts';
import { formatCount } from './widgets/format.ts';
import type { Notice } from './widgets/Toast.tsx';

const NOTICE_MS = 6000;

/** A message that is shown for a moment. */
export function useNotice(): [Notice | null, (text: string) => void] {
  const [notice, setNotice] = useState<Notice | null>(null);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => setNotice(null), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return [notice, useCallback((text: string) => setNotice({ text }), [])];
}

export interface Actions {
  readonly mark: (id: string, flags: Partial<Flags>) => void;
  readonly readAll: (query: string) => void;
  readonly deleteAll: (query: string) => void;
  readonly saveSearch: (search: Search) => void;
  readonly removeSearch: (name: string) => void;
  readonly sendTestMail: () => Promise<void>;
  /** Null when the mail has none. */
  readonly copyCode: (code: string | null) => void;
}

/** Requests that change something. The feed reports the change; `tell` is called only when a request fails. */
export function useActions(api: Api, tell: (text: string) => void): Actions {
  return useMemo(() => {
    const attempt = async (what: Promise<unknown>) => {
      await what.catch((error: unknown) => tell(error instanceof ApiError ? error.detail : String(error)));
    };
    const which = (query: string) => (query === '' ? ({ all: true } as const) : { q: query });
    return {
      mark: (id, flags) => void attempt(api.patch(id, flags)),
      readAll: (query) => void attempt(api.patchAll(which(query), { read: true })),
      deleteAll: (query) =>
        void attempt(api.deleteAll(which(query)).then((count) => tell(`${formatCount(count)} deleted`))),
      saveSearch: (search) => void attempt(api.saveSearch(search)),
      removeSearch: (name) => void attempt(api.removeSearch(name)),
      sendTestMail: () => attempt(api.sendTestMail()),
      copyCode: async (code) => {
        if (code === null) return tell('No code was found in this mail');
        tell((await copy(code)) ? `Code ${code} copied` : 'The browser did not allow copying');
      },
    };
  }, [api, tell]);
}

/**
 * Marks a mail as read when it is opened, but not again if the reader then marks it as unread.
 * @param unmarked the id of a mail that another site opened
 */
export function useReadMark(
  shown: { readonly id: string; readonly read: boolean } | null,
  actions: Actions,
  unmarked: string | null,
): void {
  const marked = useRef(unmarked);
  const id = shown?.id ?? null;
  const unread = shown !== null && !shown.read;
  useEffect(() => {
    if (id === null || marked.current === id) return;
    marked.current = id;
    if (unread) actions.mark(id, { read: true });
  }, [id, unread, actions]);
}
