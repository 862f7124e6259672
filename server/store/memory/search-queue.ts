import { MailstopError } from '../../../wire/errors.ts';

/** Searches that wait. Each test that waits for mail searches once, so that there may be many. */
const MOST_WAITING = 2000;

/**
 * Lets searches run a few at a time, in the order in which they were asked for, so that however many there are the
 * others get their turn at the event loop. Who gives up leaves the queue.
 */
export class SearchQueue {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** @throws {MailstopError} `too-many-searches`; the signal's reason, once it is aborted */
  async take<T>(search: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      return await search();
    } finally {
      // In another turn of the event loop, or many short searches would hold it together.
      if (this.#waiting.size > 0) setImmediate(() => this.#handOver());
      else this.#free += 1;
    }
  }

  #handOver(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#free += 1;
  }

  /** Who gets the turn has it from the same moment on: nobody else can take it in between. */
  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= MOST_WAITING)
      throw new MailstopError('too-many-searches', `${MOST_WAITING} searches wait already: ask again in a second.`);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(begin);
        signal?.removeEventListener('abort', giveUp);
      };
      const begin = () => {
        leave();
        resolve();
      };
      const giveUp = () => {
        leave();
        reject(signal?.reason);
      };
      this.#waiting.add(begin);
      signal?.addEventListener('abort', giveUp);
    });
  }
}
