import { createRequire } from 'node:module';
import type { Piscina } from 'piscina';
import { reasonOf } from '../errors.ts';
import type { Digest } from '../message/digest.ts';
import type { ParseResult, ParseTask, Started } from './content-worker.ts';

export interface ThreadLimits {
  /** Milliseconds of work on one mail; each 20,000 octets of it add one more. */
  readonly deadline: number;
  /** JavaScript heap of a thread. */
  readonly heapMiB: number;
  /** At a time, not counting one more while a mail takes long. */
  readonly threads: number;
}

// An import that finds no descriptors ends the process, whoever catches its error; `require` only throws. And what is not
// found once, for whatever reason, is not looked for again: so it is found now, and only read when it is wanted.
const require = createRequire(import.meta.url);
const POOL = require.resolve('piscina');

/** Threads without work end after this, in milliseconds, so that an idle server is small. */
const IDLE = 10_000;

/** A mail takes long, in milliseconds of work: large or hostile, it has others parsed beside it. */
const LONG = 250;

/** Milliseconds per octet: a large mail is not a hostile one. */
const TIME_FOR_SIZE = 1 / 20_000;

/**
 * Parses mails in threads that are ended when a mail takes too long or too much memory. No thread runs before the first
 * mail.
 *
 * Mails wait here and not in the pool: when a thread is ended, the pool starts no other for what waits in it.
 */
export class ParserThreads implements AsyncDisposable {
  readonly #limits: ThreadLimits;
  readonly #waiting: Task[] = [];
  readonly #running = new Map<number, Task>();
  #pool: Promise<Piscina<ParseTask, unknown>> | null = null;
  #lastTicket = 0;
  #stopped = false;

  constructor(limits: ThreadLimits) {
    this.#limits = limits;
  }

  /** @throws {Error} whose message tells in a sentence why the mail could not be parsed */
  async parse(raw: Buffer): Promise<ParseResult> {
    return (await this.#ask('parse', raw)) as ParseResult;
  }

  /** @throws {Error} like `parse` */
  async digest(raw: Buffer): Promise<Digest> {
    return (await this.#ask('digest', raw)) as Digest;
  }

  #ask(entry: Task['entry'], raw: Buffer): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(stopped());
      this.#waiting.push({
        ticket: ++this.#lastTicket,
        entry,
        raw,
        resolve,
        reject,
        abort: new AbortController(),
        timer: null,
        takesLong: false,
      });
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    while (this.#running.size < this.#lanes()) {
      const task = this.#waiting.shift();
      if (!task) return;
      this.#running.set(task.ticket, task);
      void this.#run(task);
    }
  }

  #lanes(): number {
    for (const { takesLong } of this.#running.values()) if (takesLong) return this.#limits.threads + 1;
    return this.#limits.threads;
  }

  async #run({ ticket, entry, raw, resolve, reject, abort }: Task): Promise<void> {
    try {
      // One copy is made here and moved: a Buffer that is sent would take along all of the memory that it is a view of.
      const copy = new Uint8Array(raw);
      const pool = await this.#opened();
      const options = { name: entry, transferList: [copy.buffer], signal: abort.signal };
      resolve(await pool.run({ ticket, raw: copy }, options));
    } catch (error) {
      reject(this.#stopped ? stopped() : abort.signal.aborted ? abort.signal.reason : this.#explained(error));
    } finally {
      clearTimeout(this.#running.get(ticket)?.timer ?? undefined);
      this.#running.delete(ticket);
      this.#startWaiting();
    }
  }

  /** The pool is loaded when the first mail wants it, so that a start does not wait for it. */
  #opened(): Promise<Piscina<ParseTask, unknown>> {
    this.#pool ??= this.#open().catch((error: unknown) => {
      // The next mail may find the files, or descriptors to open them.
      this.#pool = null;
      throw error;
    });
    return this.#pool;
  }

  async #open(): Promise<Piscina<ParseTask, unknown>> {
    const { Piscina }: typeof import('piscina') = require(POOL);
    const { threads, heapMiB } = this.#limits;
    const pool = new Piscina<ParseTask, unknown>({
      // By its name in package.json, so that a server run from its sources, as tests do, has the built one, too.
      filename: require.resolve('#content-worker'),
      minThreads: 0,
      maxThreads: threads + 1,
      idleTimeout: IDLE,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
      recordTiming: false,
    });
    pool.on('message', ({ started }: Started) => this.#startClock(started));
    // A thread that fails before it takes a task leaves its task behind.
    pool.on('error', (error: unknown) => {
      for (const { timer, abort } of this.#running.values()) if (timer === null) abort.abort(this.#explained(error));
    });
    return pool;
  }

  #startClock(ticket: number): void {
    const task = this.#running.get(ticket);
    if (!task) return;
    const time = Math.ceil(this.#limits.deadline + task.raw.length * TIME_FOR_SIZE);
    const end = () => task.abort.abort(new Error(`The mail could not be parsed within ${time} ms.`));
    const first = Math.min(LONG, time);
    task.timer = setTimeout(() => {
      task.takesLong = true;
      task.timer = setTimeout(end, time - first);
      this.#startWaiting();
    }, first);
  }

  #explained(error: unknown): Error {
    const { heapMiB } = this.#limits;
    const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    return new Error(
      outOfMemory
        ? `The mail could not be parsed within ${heapMiB} MiB of memory.`
        : `The mail could not be parsed: ${reasonOf(error)}.`,
      { cause: error },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#waiting.splice(0)) reject(stopped());
    await (await this.#pool?.catch(() => null))?.destroy();
  }
}

/** A mail on its way through a thread. */
interface Task {
  readonly ticket: number;
  /** The function of the thread that is wanted. */
  readonly entry: 'parse' | 'digest';
  readonly raw: Buffer;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly abort: AbortController;
  /** Null until a thread has begun. */
  timer: NodeJS.Timeout | null;
  takesLong: boolean;
}

function stopped(): Error {
  return new Error('Mailstop was stopped before the mail was parsed.');
}
