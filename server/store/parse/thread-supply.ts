import { stopped } from '../unfinished.ts';
import { ParserThread } from './parser-thread.ts';

/** Idle threads end after this, in milliseconds; with `keepOne`, the last one stays or is replaced. */
const IDLE_MS = 10_000;
/** After this many tasks a thread's heap may be full of garbage that is only freed when the thread ends. */
const USED_UP = 1000;

/** Supplies idle threads, or new ones when none is idle. */
export class ThreadSupply implements AsyncDisposable {
  readonly #heapMiB: number;
  readonly #idle = new Map<ParserThread, NodeJS.Timeout>();
  readonly #all = new Set<ParserThread>();
  #keepsOne = false;

  constructor(heapMiB: number) {
    this.#heapMiB = heapMiB;
  }

  /** From now on, keeps one thread even while idle. */
  keepOne(): void {
    this.#keepsOne = true;
  }

  /** @throws {Error} when the system can't start a thread */
  take(): ParserThread {
    // The most recently used one, so that the others may end.
    for (const [thread, timer] of [...this.#idle].reverse()) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      if (!thread.isDead) return thread;
    }
    const thread = new ParserThread(this.#heapMiB);
    this.#all.add(thread);
    return thread;
  }

  /** Returns a thread for reuse. */
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
      // If none can be started now, one is started when there is work.
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
