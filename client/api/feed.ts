import type { Frame } from '../../wire/frame.ts';

/** Callbacks of a feed. */
export interface FeedHandlers {
  /** Called with each frame, in order. A `hello` comes first, and again after every reconnect. */
  frame(frame: Frame): void;
  /** The connection is open. */
  up?(): void;
  /** The connection was lost or could not be made; the feed retries until it is closed. */
  down?(): void;
}

/** The part of the browser's WebSocket that the feed needs. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  close(): void;
}

/** Dependencies of the feed; each has a default. */
export interface FeedSurroundings {
  readonly connect: (url: string) => Socket;
  /** Calls `run` after `delay` milliseconds. @returns how to cancel it */
  readonly after: (delay: number, run: () => void) => () => void;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Calls `wake` when a new attempt is likely to succeed. @returns how to unsubscribe */
  readonly onWake: (wake: () => void) => () => void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;

/**
 * Follows the feed and reconnects by itself. After a break it asks for the events that it missed; the `hello` says
 * whether it gets them (`resumed`) or has to load everything again.
 * @param url like `ws://127.0.0.1:8025/api/feed`
 * @returns how to close it; no handler is called after that
 */
export function openFeed(url: string, handlers: FeedHandlers, surroundings: Partial<FeedSurroundings> = {}) {
  const { connect, after, random, onWake } = { ...browser, ...surroundings };
  let socket: Socket | null = null;
  let callOff: (() => void) | null = null;
  let failures = 0;
  let seq: number | null = null;
  let epoch = '';

  const open = () => {
    callOff = null;
    const target = new URL(url);
    if (seq !== null) {
      target.searchParams.set('after', String(seq));
      target.searchParams.set('epoch', epoch);
    }
    const opened = connect(target.href);
    socket = opened;
    opened.onopen = () => handlers.up?.();
    opened.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as Frame;
      // After a resume the missed events are still to come, so only they may advance the position.
      if (frame.type !== 'hello' || !frame.resumed || seq === null) seq = frame.seq;
      if (frame.type === 'hello') epoch = frame.epoch;
      failures = 0;
      handlers.frame(frame);
    };
    // An error is always followed by a close; without a handler some implementations throw.
    opened.onerror = () => {};
    opened.onclose = () => {
      drop(opened);
      socket = null;
      callOff = after(delay(failures++, random()), open);
      handlers.down?.();
    };
  };

  const stopWaking = onWake(() => {
    if (socket !== null) return;
    callOff?.();
    open();
  });
  open();

  return () => {
    stopWaking();
    callOff?.();
    callOff = null;
    if (socket === null) return;
    drop(socket);
    socket.close();
    socket = null;
  };
}

/** Doubles with each failure; jitter keeps many pages from reconnecting in step. */
function delay(failures: number, random: number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return longest * (0.5 + random / 2);
}

function drop(socket: Socket): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  socket.onerror = () => {};
}

const browser: FeedSurroundings = {
  connect: (url) => new (globalThis as unknown as { WebSocket: new (url: string) => Socket }).WebSocket(url),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  onWake: (wake) => {
    const { document, window } = globalThis as { document?: EventTarget & { hidden: boolean }; window?: EventTarget };
    const visible = () => {
      if (document?.hidden === false) wake();
    };
    window?.addEventListener('online', wake);
    document?.addEventListener('visibilitychange', visible);
    return () => {
      window?.removeEventListener('online', wake);
      document?.removeEventListener('visibilitychange', visible);
    };
  },
};
