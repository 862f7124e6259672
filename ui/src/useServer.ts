import { useEffect, useState } from 'react';
import type { Api, Mailboxes, Server } from '../../client/index.ts';
import { askWhenUp, type Live } from './live.ts';

/** The server's ports and limits; requested again after each reconnect, since they may have changed. */
export function useServer(api: Api, live: Live): Server | null {
  const [server, setServer] = useState<Server | null>(null);
  useEffect(() => {
    const stop = live.subscribe({
      frames: (frames) => {
        const latest = frames.findLast((frame) => frame.type === 'disk');
        if (latest) setServer((known) => known && { ...known, disk: latest.disk });
      },
    });
    const stopAsking = askWhenUp(live, api.server, setServer);
    return () => {
      stopAsking();
      stop();
    };
  }, [api, live]);
  return server;
}

/** The server counts the mailboxes; ask at most this often while mail comes in. */
const COUNT_MS = 500;

/** @param wanted false while they are not shown */
export function useMailboxes(api: Api, live: Live, wanted: boolean): Mailboxes | null {
  const [boxes, setBoxes] = useState<Mailboxes | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const ask = () => {
      timer = null;
      api.mailboxes(controller.signal).then(setBoxes, () => {});
    };
    const stop = live.subscribe({
      frames: (frames) => {
        const counts = frames.some(
          (frame) =>
            frame.type !== 'updated' || frame.change.read !== undefined || frame.change.deletedBy !== undefined,
        );
        if (counts) timer ??= setTimeout(ask, COUNT_MS);
      },
    });
    ask();
    return () => {
      stop();
      controller.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [api, live, wanted]);
  return boxes;
}
