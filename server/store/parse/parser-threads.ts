import { setMaxListeners } from 'node:events';
import { reasonOf } from '../../../wire/errors.ts';
import { Slices } from '../../slices.ts';
import { calledOff, stopped, TooMuch, Unfinished } from '../unfinished.ts';
import type { LeaveOut, Results, ThreadAnswer, Work } from './content-worker.ts';
import { copied } from './copied.ts';
import type { ParserThread } from './parser-thread.ts';
import { Progress } from './progress.ts';
import { ThreadSupply } from './thread-supply.ts';

export interface ThreadLimits {
  /** Milliseconds of work, in CPU time, on one mail; each 20,000 octets of it add one more. */
  readonly deadline: number;
  /** JavaScript heap of a thread. */
  readonly heapMiB: number;
  /** Concurrent threads, not counting the extra ones for readers and long tasks. */
  readonly threads: number;
}

/** Who wants the result: a reader or waiter, a search, or nobody yet. Earlier in this list goes first. */
const URGENCIES = ['reader', 'search', 'nobody'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** In milliseconds of work. A mail that takes longer, large or hostile, gets an extra thread so that others go on. */
const LONG = 250;
/** Most extra threads for long mails. */
const MOST_LONG = 2;

/** Shortest and longest time between two checks of a task, in milliseconds. */
const SOONEST_LOOK = 20;
const LATEST_LOOK = 500;
/** A thread that does no work for this many checks is stuck. */
const MOST_IDLE_LOOKS = 60;

/** Extra milliseconds per octet: a large mail is not hostile. */
const TIME_FOR_SIZE = 1 / 20_000;

/** Attempts at one mail; each skips the step that killed the previous one. */
const MOST_ATTEMPTS = 3;

/** A mail that warms up a thread: parsing it loads and runs all the code once. */
const WARMING = Buffer.from(
  'Subject: =?utf-8?Q?Your_code?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; ' +
    'charset=utf-8\r\n\r\n<p>Your code is <b>123456</b>: <a href="https://mailstop.test">sign in</a>\r\n--b\r\n' +
    'Content-Type: text/plain\r\n\r\nYour code is 123456\r\n--b--\r\n',
);

/**
 * Runs slow work in threads. A thread is ended when a mail takes too much work or memory; the next attempt skips the
 * step at which the last one was ended, so that the rest of the mail can be read.
 */
export class ParserThreads implements AsyncDisposable {
  readonly #limits: ThreadLimits;
  readonly #waiting: Task[] = [];
  readonly #running = new Set<Task>();
  readonly #supply: ThreadSupply;
  readonly #slices = new Slices();
  #stopped = false;

  constructor(limits: ThreadLimits) {
    this.#limits = limits;
    this.#supply = new ThreadSupply(limits.heapMiB);
  }

  /** Starts a thread ahead of time, and keeps one from now on. Never rejects. */
  async warm(): Promise<void> {
    this.#supply.keepOne();
    await this.ask({ do: 'digest', raw: WARMING }, 'nobody').result.catch(() => null);
  }

  /** Queues a task. Its octets are copied when it starts. The result rejects with `Unfinished`. */
  ask<W extends Work>(work: W, urgency: Urgency, signal?: AbortSignal): Asked<Results[W['do']]> {
    const task = new Task(work, urgency);
    if (this.#stopped || signal?.aborted) task.reject(this.#stopped ? stopped() : calledOff());
    else this.#waiting.push(task);
    if (signal) {
      // A search has many pending tasks with one signal.
      setMaxListeners(0, signal);
      const callOff = () => this.#callOff(task);
      signal.addEventListener('abort', callOff);
      const over = () => signal.removeEventListener('abort', callOff);
      task.result.then(over, over);
    }
    this.#startWaiting();
    return {
      result: task.result as Promise<Results[W['do']]>,
      upgrade: (to, more) => {
        if (!this.#waiting.includes(task)) return false;
        task.work = more;
        task.urgency = to;
        this.#startWaiting();
        return true;
      },
    };
  }

  #callOff(task: Task): void {
    const at = this.#waiting.indexOf(task);
    if (at === -1) return;
    this.#waiting.splice(at, 1);
    task.reject(calledOff());
  }

  #startWaiting(): void {
    for (const urgency of URGENCIES) {
      for (const task of this.#waiting.filter((waiting) => waiting.urgency === urgency)) {
        if (!this.#hasRoomFor(task)) continue;
        this.#waiting.splice(this.#waiting.indexOf(task), 1);
        this.#running.add(task);
        void this.#run(task);
      }
    }
  }

  /**
   * Checking and sifting have their own slots, so that they don't block parsing. Readers get one extra slot of each.
   */
  #hasRoomFor({ work, urgency }: Task): boolean {
    const rivals = [...this.#running].filter((task) => roomOf(task.work) === roomOf(work));
    const long = rivals.filter(({ takesLong }) => takesLong).length;
    const room = roomOf(work) === 'mail' ? this.#limits.threads + Math.min(long, MOST_LONG) : 1;
    return rivals.length < room + (urgency === 'reader' ? 1 : 0);
  }

  async #run(task: Task): Promise<void> {
    const progress = new Progress();
    const watch = { timer: undefined as NodeJS.Timeout | undefined };
    try {
      const { work, moved } = await copied(task.work);
      // Sending the facts of a mail takes as long as its lists are, and several threads may become free at once.
      if (this.#slices.over) await this.#slices.turn();
      if (this.#stopped) throw stopped();
      const thread = this.#supply.take();
      this.#watch(task, thread, progress, watch);
      const answer = await thread.run({ work, cells: progress.cells, leaveOut: task.leaveOut }, moved);
      this.#supply.putBack(thread);
      task.resolve(resultOf(answer));
    } catch (error) {
      this.#failed(task, progress, this.#explained(task, error));
    } finally {
      clearTimeout(watch.timer);
      task.takesLong = false;
      this.#running.delete(task);
      this.#startWaiting();
    }
  }

  #failed(task: Task, progress: Progress, error: Unfinished): void {
    task.attempts += 1;
    const { step } = progress;
    const canLeaveOut = error instanceof TooMuch && step > 0 && 'raw' in task.work;
    if (!canLeaveOut || task.attempts === MOST_ATTEMPTS || this.#stopped) return task.reject(error);
    task.leaveOut = { step, afterWork: 0.75 * this.#limitOf(task), why: error.message.replace(/\.$/, '') };
    // Don't let others wait for it again.
    if (task.urgency === 'reader') task.urgency = 'search';
    this.#waiting.push(task);
  }

  /** Checks how much a task has worked, often enough to end it in time. */
  #watch(task: Task, thread: ParserThread, progress: Progress, watch: { timer: NodeJS.Timeout | undefined }): void {
    const limit = this.#limitOf(task);
    let last = 0;
    let idleLooks = 0;
    const look = () => {
      const { worked } = progress;
      idleLooks = worked > last ? 0 : idleLooks + 1;
      last = worked;
      if (worked >= limit)
        return void this.#supply.end(thread, new TooMuch(`${reading(task)} was stopped after ${limit} ms of work.`));
      if (idleLooks >= MOST_IDLE_LOOKS)
        return void this.#supply.end(thread, new TooMuch(`${reading(task)} was stopped: its thread got stuck.`));
      if (worked >= LONG && !task.takesLong) {
        task.takesLong = true;
        this.#startWaiting();
      }
      again(worked < LONG ? Math.min(limit, LONG) - worked : limit - worked);
    };
    const again = (ms: number) => {
      watch.timer = setTimeout(look, Math.min(LATEST_LOOK, Math.max(SOONEST_LOOK, ms))).unref();
    };
    again(Math.min(limit, LONG));
  }

  /** In milliseconds of work. */
  #limitOf({ work }: Task): number {
    const octets = 'raw' in work ? work.raw.length : 0;
    return Math.ceil(this.#limits.deadline + octets * TIME_FOR_SIZE);
  }

  #explained(task: Task, error: unknown): Unfinished {
    if (error instanceof Unfinished) return this.#stopped ? stopped() : error;
    if (this.#stopped) return stopped();
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return new TooMuch(`${reading(task)} was stopped after ${this.#limits.heapMiB} MiB of memory.`);
    }
    return new Unfinished(`The mail could not be parsed: ${reasonOf(error).replace(/\.+$/, '')}.`, true, {
      cause: error,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const task of this.#waiting.splice(0)) task.reject(stopped());
    await this.#supply[Symbol.asyncDispose]();
  }
}

/** A queued task. */
export interface Asked<T> {
  readonly result: Promise<T>;
  /**
   * While the task waits, replaces its work and urgency; the result is that of the new work. @returns false otherwise
   */
  upgrade(urgency: Urgency, work: Work): boolean;
}

class Task {
  work: Work;
  urgency: Urgency;
  readonly result: Promise<unknown>;
  resolve: (result: unknown) => void = () => {};
  reject: (reason: Unfinished) => void = () => {};
  leaveOut: LeaveOut | null = null;
  attempts = 0;
  takesLong = false;

  constructor(work: Work, urgency: Urgency) {
    this.work = work;
    this.urgency = urgency;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

function resultOf(answer: ThreadAnswer): unknown {
  if ('result' in answer) return answer.result;
  throw new Unfinished(`The mail could not be parsed: ${answer.failure}.`, false);
}

function roomOf(work: Work): 'mail' | 'check' | 'sift' {
  return 'raw' in work ? 'mail' : work.do;
}

function reading({ work }: Task): string {
  const what = { mail: 'Reading this mail', check: 'Reading the expressions', sift: 'The search' };
  return what[roomOf(work)];
}
