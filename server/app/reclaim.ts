import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type After, afterTimeout } from '../store/after.ts';
import { follow } from '../store/follow.ts';
import type { Store } from '../store/store.ts';

/** Quiet means no change in the store for this long, in milliseconds; detecting it may take as long again. */
const QUIET_MS = 1000;
/** V8 shrinks the young generation only after five seconds with few new objects since the last minor collection. */
const SETTLED_MS = 6000;
/** With fewer changes than this, there is too little garbage to collect. */
const WORTH_IT = 1000;
/**
 * Not with more mails than this: a major collection blocks everything for about a millisecond per megabyte in use, and
 * each mail takes about 1.5 KB. Garbage itself costs nothing, no matter how much there is.
 */
const MOST_MAILS = 80_000;

interface ReclaimOptions {
  readonly collect: (what: 'minor' | 'major') => void;
  readonly report: (error: unknown) => void;
  readonly after?: After;
}

/**
 * Collects garbage once it is quiet after much mail. V8 only collects when memory is requested, so the garbage of a
 * burst would stay until the next one: up to 60 MB in an idle server.
 */
export function reclaimWhenQuiet(
  store: Pick<Store, 'changes'>,
  { collect, report, after = afterTimeout }: ReclaimOptions,
): Disposable {
  let changes = 0;
  let seen = 0;
  let total = 0;
  let seq: number | null = null;
  let callOff: (() => void) | null = null;

  const whenStillQuiet = (delay: number, next: () => void) => {
    seen = changes;
    callOff = after(delay, () => {
      callOff = null;
      if (changes === seen) next();
      else watch();
    });
  };
  const watch = () => whenStillQuiet(QUIET_MS, begin);
  const begin = () => {
    if (changes < WORTH_IT || total > MOST_MAILS) return;
    collect('minor');
    whenStillQuiet(SETTLED_MS, end);
  };
  const end = () => {
    collect('major');
    whenStillQuiet(QUIET_MS, again);
  };
  // The first collection frees memory outside the heap, the second shrinks the heap.
  const again = () => {
    changes = 0;
    collect('major');
  };

  const following = follow(
    store,
    (event) => {
      // One event may remove many mails, and after much at once the reader starts over.
      if (seq !== null) changes += Math.max(event.seq - seq, total - event.counts.total);
      seq = event.seq;
      total = event.counts.total;
      if (callOff === null && changes > 0) watch();
    },
    report,
  );
  return {
    [Symbol.dispose]() {
      following[Symbol.dispose]();
      callOff?.();
    },
  };
}

/** @returns a function that collects garbage: only young objects, or all */
export function garbageCollector(): ReclaimOptions['collect'] {
  // The only way to get it in a process started without the flag.
  setFlagsFromString('--expose-gc');
  const collect: (...options: readonly { readonly type: 'minor' }[]) => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return (what) => {
    // Node 20 runs a minor collection for any argument.
    if (what === 'minor') collect({ type: what });
    else collect();
  };
}
