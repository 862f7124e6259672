import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { LOADED, ThreadAnswer, ThreadTask } from './content-worker.ts';

// By its name in package.json, so that a server run from its sources, as tests do, has the built one, too.
const ENTRY = createRequire(import.meta.url).resolve('#content-worker');

interface Asking {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that does one task after another, until it is ended or dies. While it has none it keeps no process alive. */
export class ParserThread {
  readonly #worker: Worker;
  #asking: Asking | null = null;
  #isDead = false;
  #tasks = 0;
  /** Null once it has loaded its code, or has ended. */
  #loading: Promise<void> | null;

  /** @throws {Error} when the system has no thread to give */
  constructor(heapMiB: number) {
    // What this process was started with, like a loader of sources, is of no use to the built entry.
    this.#worker = new Worker(ENTRY, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMiB } });
    this.#worker.unref();
    this.#loading = new Promise((resolve) => {
      const loaded = () => {
        this.#loading = null;
        resolve();
      };
      this.#worker.once('message', loaded);
      this.#worker.once('exit', loaded);
    });
    this.#worker.on('message', (message: ThreadAnswer | typeof LOADED) => {
      if (typeof message === 'string' || this.#isDead) return;
      this.#worker.unref();
      this.#settle()?.resolve(message);
    });
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`the thread ended with exit code ${code}`)));
  }

  /** How many it was given. */
  get tasks(): number {
    return this.#tasks;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** One at a time. Rejects when the thread dies. @param moved memory that goes to the thread and is empty here then */
  run(task: ThreadTask, moved: readonly ArrayBuffer[]): Promise<ThreadAnswer> {
    this.#tasks += 1;
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(task, moved);
    });
  }

  /** Whatever it does: `run` rejects with `reason`. */
  async end(reason: Error): Promise<void> {
    this.#die(reason);
    // Node 20 leaks the descriptors of modules that a thread is reading when it is terminated. Nobody has to wait for it.
    if (this.#loading) {
      this.#worker.unref();
      void this.#loading.then(() => this.#worker.terminate());
    } else await this.#worker.terminate();
  }

  #die(reason: Error): void {
    this.#isDead = true;
    this.#settle()?.reject(reason);
  }

  #settle(): Asking | null {
    const asking = this.#asking;
    this.#asking = null;
    return asking;
  }
}
