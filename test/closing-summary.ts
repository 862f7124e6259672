import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node';

/** The result of a run, for the closing lines. */
export interface Tally {
  readonly passed: number;
  /** Failed tests and other errors: a file that doesn't load, a hook, an unhandled rejection. */
  readonly failed: number;
  /** Name of each skipped test, and the reason if one was given. */
  readonly skipped: readonly { readonly name: string; readonly reason: string | null }[];
  /** True if tests were filtered by name: then skipped tests need no reason. */
  readonly filtered: boolean;
  readonly interrupted: boolean;
}

/** What is wrong with a run although no test failed; null if nothing is. */
export function objectionTo(tally: Tally): string | null {
  if (tally.interrupted) return 'the run was broken off';
  if (tally.passed === 0) return 'no test passed';
  const silent = tally.skipped.filter(({ reason }) => reason === null);
  if (silent.length > 0 && !tally.filtered) return `skipped without a reason: ${silent[0]?.name}`;
  return null;
}

/** The last lines of a run: what was not run and why, and the numbers on a line of their own. */
export function closingLines(tally: Tally): readonly string[] {
  const reasons = [...new Set(tally.skipped.map(({ reason }) => reason))].flatMap((reason) => {
    if (reason === null && tally.filtered) return [];
    const names = tally.skipped.filter((test) => test.reason === reason).map(({ name }) => `  ${name}`);
    return [reason === null ? 'not run, and no reason given:' : `not run, because ${reason}:`, ...names];
  });
  const objection = objectionTo(tally);
  return [
    ...reasons,
    ...(objection === null ? [] : [`this run counts as failed: ${objection}`]),
    `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`,
  ];
}

/** A summary that shows clearly whether tests were skipped. */
export class ClosingSummary implements Reporter {
  #filtered = false;

  onInit(vitest: Vitest): void {
    this.#filtered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const tally = count(modules, unhandled.length, { filtered: this.#filtered, interrupted: reason === 'interrupted' });
    process.stdout.write(`\n${closingLines(tally).join('\n')}\n`);
    if (tally.failed > 0 || objectionTo(tally) !== null) process.exitCode = 1;
  }
}

function count(modules: readonly TestModule[], unhandled: number, run: Pick<Tally, 'filtered' | 'interrupted'>): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const passed = tests.filter((test) => test.result().state === 'passed');
  const skipped = tests.filter((test) => test.result().state === 'skipped');
  const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter(hasOwnErrors);
  return {
    ...run,
    passed: passed.length,
    // A test that is still pending when the run ends has not passed.
    failed: tests.length - passed.length - skipped.length + broken.length + unhandled,
    skipped: skipped.map((test) => ({
      name: `${test.module.relativeModuleId} > ${test.fullName}`,
      reason: reasonOf(test),
    })),
  };
}

/** A file or suite that failed by itself: it doesn't load, or a hook threw. */
function hasOwnErrors(part: { errors(): readonly SerializedError[] }): boolean {
  return part.errors().length > 0;
}

function reasonOf(test: TestCase): string | null {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? null;
}
