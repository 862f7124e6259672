import { stopped } from '../unfinished.ts';
import { ParserThread } from './parser-thread.ts';

/** Threads without work end after this, in milliseconds; a warm one is kept, or takes the place of one that ends. */
const IDLE_MS = 10_000;
/** After so many tasks a thread's heap may be full of garbage, which only goes with it. */
const USED_UP = 1000;

/** Threads that have no work, and new ones when there are none. */
export class ThreadSupply implements AsyncDisposable {
  readonly #heapMiB: number;
  readonly #idle = new Map<ParserThread, NodeJS.Timeout>();
  readonly #all = new Set<ParserThread>();
  #keepsOne = false;

  constructor(heapMiB: number) {
    this.#heapMiB = heapMiB;
  }

  /** From now on one thread stays, however long it has no work. */
  keepOne(): void {
    this.#keepsOne = true;
  }

  /** @throws {Error} when the system has none to give */
  take(): ParserThread {
    // The one that was used last, so that the others may end.
    for (const [thread, timer] of [...this.#idle].reverse()) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      if (!thread.isDead) return thread;
    }
    const thread = new ParserThread(this.#heapMiB);
    this.#all.add(thread);
    return thread;
  }

  /** For one that can be used again. */
  putBack(thread: ParserThread): void {
    const timer = setTimeout(() => {
      const isLast = this.#keepsOne && this.#idle.size === 1;
      if (isLast && thread.tasks < USED_UP) return;
      void this.end(thread, stopped());
      if (isLast) this.#warmAnother();
    }, IDLE_MS).unref();
    this.#idle.set(thread, timer);
  }

  #warmAnother(): void {
    try {
      const thread = new ParserThread(this.#heapMiB);
      this.#all.add(thread);
      this.putBack(thread);
    } catch {
      // When there is none to be had now, one is taken when there is work.
    }
  }

  async end(thread: ParserThread, reason: Error): Promise<void> {
    this.#idle.delete(thread);
    this.#all.delete(thread);
    await thread.end(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    await Promise.all([...this.#all].map((thread) => this.end(thread, stopped())));
  }
}
