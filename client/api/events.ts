import type { Frame } from '../../wire/frame.ts';
import { refuse } from '../refusal.ts';
import { ApiError } from './api-error.ts';
import { openFeed, type Socket } from './feed.ts';

/** Events from now on. Leaving the loop or disposing of it ends it. */
export interface Events extends AsyncIterableIterator<Frame>, AsyncDisposable {
  next(): Promise<IteratorResult<Frame, undefined>>;
  return(): Promise<IteratorResult<Frame, undefined>>;
  [Symbol.asyncIterator](): Events;
}

export interface EventsOptions {
  /** Ends the iteration: the pending read rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

type End = { readonly error: unknown } | 'done';

/**
 * Iterates over the feed. The first event is a `hello`; those after it have no gaps. After every reconnect there is
 * another `hello`, which says whether the feed `resumed`.
 * @param closing ends the iteration without an error
 */
export function followEvents(
  url: string,
  connect: ((url: string) => Socket) | undefined,
  closing: AbortSignal,
  { signal }: EventsOptions = {},
): Events {
  if (!connect && !('WebSocket' in globalThis)) {
    refuse(
      'follow events',
      'there is no WebSocket here',
      'give connect() one: { webSocket: (url) => new WebSocket(url) }',
    );
  }
  const frames: Frame[] = [];
  const readers: { resolve: (result: IteratorResult<Frame, undefined>) => void; reject: (error: unknown) => void }[] =
    [];
  let end: End | null = null;
  let greeted = false;
  let close = () => {};

  const settle = () => {
    for (;;) {
      const [frame, reader] = [frames[0], readers[0]];
      if (!reader || (frame === undefined && end === null)) return;
      readers.shift();
      if (frame !== undefined) {
        frames.shift();
        reader.resolve({ done: false, value: frame });
      } else if (end === null || end === 'done') {
        reader.resolve({ done: true, value: undefined });
      } else {
        // Reported once; after that the iteration is simply over.
        const { error } = end;
        end = 'done';
        reader.reject(error);
      }
    }
  };
  const finish = (how: End) => {
    if (end !== null) return;
    end = how;
    close();
    closing.removeEventListener('abort', closed);
    signal?.removeEventListener('abort', aborted);
    settle();
  };
  const closed = () => finish('done');
  const aborted = () => {
    frames.length = 0;
    finish({ error: signal?.reason });
  };

  closing.addEventListener('abort', closed);
  signal?.addEventListener('abort', aborted);
  if (closing.aborted) closed();
  else if (signal?.aborted) aborted();
  else {
    close = openFeed(
      url,
      {
        frame: (frame) => {
          greeted = true;
          frames.push(frame);
          settle();
        },
        // After a first connection the feed reconnects by itself; without one, it is an error.
        down: () => {
          if (!greeted) finish({ error: new ApiError('no-answer', 0, `No answer from ${new URL(url).host}`) });
        },
      },
      connect ? { connect } : {},
    );
  }

  const stop = async (): Promise<IteratorResult<Frame, undefined>> => {
    frames.length = 0;
    finish('done');
    return { done: true, value: undefined };
  };
  const events: Events = {
    next: () =>
      new Promise((resolve, reject) => {
        readers.push({ resolve, reject });
        settle();
      }),
    return: stop,
    [Symbol.asyncIterator]: () => events,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
  return events;
}
