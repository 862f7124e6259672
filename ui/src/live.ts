import { type Frame, openFeed } from '../../client/index.ts';

export interface Listener {
  frames?(frames: readonly Frame[]): void;
  up?(): void;
  down?(): void;
}

export interface Live {
  /** @returns how to stop listening */
  subscribe(listener: Listener): () => void;
  /** Reconnects at once if it is down. */
  wake(): void;
}

/** Frames that arrive within this time are delivered together. */
const BUNCH_MS = 16;

/** One feed for all listeners of the page; open as long as there is one. */
export function shareFeed(url: string, open: typeof openFeed = openFeed): Live {
  const listeners = new Set<Listener>();
  let close: (() => void) | null = null;
  let isUp = false;
  let bunch: Frame[] = [];

  const flush = () => {
    if (bunch.length === 0) return;
    const frames = bunch;
    bunch = [];
    for (const listener of listeners) listener.frames?.(frames);
  };

  const start = () =>
    open(url, {
      frame: (frame) => {
        if (bunch.push(frame) === 1) setTimeout(flush, frame.type === 'hello' ? 0 : BUNCH_MS);
      },
      up: () => {
        isUp = true;
        for (const listener of listeners) listener.up?.();
      },
      down: () => {
        isUp = false;
        flush();
        for (const listener of listeners) listener.down?.();
      },
    });

  return {
    subscribe(listener) {
      listeners.add(listener);
      close ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        close?.();
        close = null;
        isUp = false;
      };
    },
    wake() {
      if (close === null || isUp) return;
      close();
      close = start();
    },
  };
}

/** Ask again this long after a request failed while the feed is up. */
const AGAIN_MS = 1000;

/**
 * Asks now and after each reconnect, since the answer may have changed; if that fails while the feed is up, soon again.
 * @returns how to stop
 */
export function askWhenUp<T>(
  live: Live,
  ask: (signal: AbortSignal) => Promise<T>,
  answered: (answer: T) => void,
): () => void {
  const over = new AbortController();
  let isUp = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const attempt = () => {
    clearTimeout(timer);
    ask(over.signal).then(answered, () => {
      clearTimeout(timer);
      if (isUp) timer = setTimeout(attempt, AGAIN_MS);
    });
  };
  const halt = () => {
    isUp = false;
    clearTimeout(timer);
  };
  const up = () => {
    isUp = true;
    attempt();
  };
  const stop = live.subscribe({ up, down: halt });
  attempt();
  return () => {
    stop();
    halt();
    over.abort();
  };
}
