import { ParserThread } from './parser-thread.ts';
import { stopped } from './unfinished.ts';

/** Threads without work end after this, in milliseconds; a warm one is kept. */
const IDLE_MS = 10_000;

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
      if (!this.#keepsOne || this.#idle.size > 1) void this.end(thread, stopped());
    }, IDLE_MS).unref();
    this.#idle.set(thread, timer);
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
