import { setImmediate as nextTurn } from 'node:timers/promises';

export type Progress = (done: number, total: number) => void;

/** How long reading may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 20;

interface PaceOptions {
  /** How many files there are to read. */
  readonly total: number;
  readonly progress: Progress;
  /** Ends the reading. */
  readonly signal: AbortSignal | null;
}

/** For reading many files in a row: lets other work run in between, and reports progress. */
export class Pace {
  readonly #options: PaceOptions;
  #done = 0;
  #until = performance.now() + SLICE_MS;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#report();
  }

  /** Await it after each file. @throws the signal's reason, once it is aborted */
  step(): Promise<void> | undefined {
    this.#done += 1;
    return performance.now() < this.#until ? undefined : this.#breathe();
  }

  async #breathe(): Promise<void> {
    this.#report();
    await nextTurn();
    this.#options.signal?.throwIfAborted();
    this.#until = performance.now() + SLICE_MS;
  }

  #report(): void {
    const { total, progress } = this.#options;
    progress(this.#done, Math.max(this.#done, total));
  }
}
