import { readFileSync, readlinkSync } from 'node:fs';

/** What the cells of a `Progress` hold. */
const THREAD = 0;
const WORK_AT_START = 1;
const STEP = 2;

/** In `THREAD`: it has begun, but the system doesn't say what it works. */
const UNMEASURED = -1;

/**
 * How far a thread has come with a task, in memory that both sides see: a thread that is busy could not answer a
 * question, and messages would cost the main thread more than a small mail does.
 */
export class Progress {
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly #wallAtAsking = performance.now();
  readonly #cpuAtAsking = process.cpuUsage();

  constructor(cells = new Int32Array(new SharedArrayBuffer(12))) {
    this.cells = cells;
  }

  get hasBegun(): boolean {
    return Atomics.load(this.cells, THREAD) !== 0;
  }

  /** The step of reading the mail that has begun last, from 1; 0 before the first and after the last. */
  get step(): number {
    return Atomics.load(this.cells, STEP);
  }

  /**
   * Milliseconds of work since it has begun, so that a machine that is busy with other things makes no mail seem hostile.
   * Where the system doesn't tell of threads, no more than the whole process has worked meanwhile, nor than has passed.
   */
  get worked(): number {
    if (!this.hasBegun) return 0;
    const thread = Atomics.load(this.cells, THREAD);
    const work = thread === UNMEASURED ? null : workOf(thread);
    if (work !== null) return work - Atomics.load(this.cells, WORK_AT_START);
    const { user, system } = process.cpuUsage(this.#cpuAtAsking);
    return Math.min((user + system) / 1000, performance.now() - this.#wallAtAsking);
  }

  /** Called by the thread before it begins. */
  begin(): void {
    const work = OWN_THREAD === null ? null : workOf(OWN_THREAD);
    Atomics.store(this.cells, WORK_AT_START, work ?? 0);
    Atomics.store(this.cells, STEP, 0);
    Atomics.store(this.cells, THREAD, (work === null ? null : OWN_THREAD) ?? UNMEASURED);
  }

  /** Called by the thread. @returns the number of the step */
  nextStep(): number {
    return Atomics.add(this.cells, STEP, 1) + 1;
  }

  /** Called by the thread when the mail has been read: what comes now can't be left out. */
  leaveSteps(): void {
    Atomics.store(this.cells, STEP, 0);
  }
}

/** Linux tells what each thread of a process has worked. Read by the thread itself, `thread-self` is `pid/task/tid`. */
const OWN_THREAD = ownThread();

function ownThread(): number | null {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0]) || null;
  } catch {
    return null;
  }
}

/** In milliseconds; null when it can't be told. The first number of `schedstat` is the time on a CPU in nanoseconds. */
export function workOf(thread: number): number | null {
  try {
    const [ns] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ');
    return Math.floor(Number(ns) / 1e6) || null;
  } catch {
    return null;
  }
}
