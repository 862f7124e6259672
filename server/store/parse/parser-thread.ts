import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { LOADED, ThreadAnswer, ThreadTask } from './content-worker.ts';

// By its name in package.json, so that a server run from source, as in tests, also uses the built one.
const ENTRY = createRequire(import.meta.url).resolve('#content-worker');

interface Asking {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that runs one task at a time until it is ended or dies. It doesn't keep the process alive while idle. */
export class ParserThread {
  readonly #worker: Worker;
  #asking: Asking | null = null;
  #isDead = false;
  #tasks = 0;
  /** Null once it has loaded its code, or has ended. */
  #loading: Promise<void> | null;

  /** @throws {Error} when the system can't start a thread */
  constructor(heapMiB: number) {
    // The built entry doesn't need this process's options, such as a source loader.
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

  /** How many tasks it was given. */
  get tasks(): number {
    return this.#tasks;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** One at a time. Rejects when the thread dies. @param moved buffers to transfer to the thread; detached here */
  run(task: ThreadTask, moved: readonly ArrayBuffer[]): Promise<ThreadAnswer> {
    this.#tasks += 1;
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(task, moved);
    });
  }

  /** Ends the thread even if busy: `run` rejects with `reason`. */
  async end(reason: Error): Promise<void> {
    this.#die(reason);
    // Node 20 leaks file descriptors if a thread is terminated while loading modules. So do it later, without waiting.
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
