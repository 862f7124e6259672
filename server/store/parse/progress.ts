import { readFileSync, readlinkSync } from 'node:fs';

/** Indexes of the cells of a `Progress`. */
const THREAD = 0;
const WORK_AT_START = 1;
const STEP = 2;

/** In `THREAD`: it has begun, but the system doesn't report the thread's CPU time. */
const UNMEASURED = -1;

/**
 * Progress of a thread's task, in shared memory: a busy thread can't answer questions, and messages would cost the main
 * thread more than a small mail does.
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

  /** The latest step of parsing the mail, from 1; 0 before the first and after the last. */
  get step(): number {
    return Atomics.load(this.cells, STEP);
  }

  /**
   * Milliseconds of CPU time since the task began, so that a busy machine does not make a mail look hostile. If the
   * system has no CPU time per thread: the CPU time of the whole process, or the time passed if that is less.
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

  /** Called by the thread when the mail has been parsed: what follows can't be skipped. */
  leaveSteps(): void {
    Atomics.store(this.cells, STEP, 0);
  }
}

/** Linux reports CPU time per thread. For the reading thread, `thread-self` links to `pid/task/tid`. */
const OWN_THREAD = ownThread();

function ownThread(): number | null {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0]) || null;
  } catch {
    return null;
  }
}

/** In milliseconds; null when unknown. The first number of `schedstat` is the time on a CPU, in nanoseconds. */
export function workOf(thread: number): number | null {
  try {
    const [ns] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ');
    return Math.floor(Number(ns) / 1e6) || null;
  } catch {
    return null;
  }
}
