import { MailstopError } from '../../../wire/errors.ts';

/** Most waiting searches. Each test that waits for mail searches once, so there may be many. */
const MOST_WAITING = 2000;

/**
 * Runs a few searches at a time, first come first served, so that many searches do not block the event loop. An aborted
 * search leaves the queue.
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
      // In another turn of the event loop, or many short searches in a row would block it.
      if (this.#waiting.size > 0) setImmediate(() => this.#handOver());
      else this.#free += 1;
    }
  }

  #handOver(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#free += 1;
  }

  /** The slot is handed over synchronously: nobody else can take it in between. */
  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= MOST_WAITING)
      throw new MailstopError(
        'too-many-searches',
        `${MOST_WAITING} searches are already waiting: try again in a second.`,
      );
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
