import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type After, afterTimeout } from '../store/after.ts';
import type { Store } from '../store/store.ts';

/** It is quiet when nothing has changed in the store for so long, in milliseconds; it may be noticed as much later. */
const QUIET_MS = 1000;
/** V8 gives back the room for young objects only if few came in the last five seconds, counted from the last minor collection. */
const SETTLED_MS = 6000;
/** Fewer mails that come, change or go leave little behind. */
const WORTH_IT = 1000;
/**
 * With more mails than this it is left alone: a major collection holds everything up for about a millisecond per megabyte
 * that is in use, which is some 1.5 KB for each mail. What is garbage costs it nothing, however much there is.
 */
const MOST_MAILS = 80_000;

interface ReclaimOptions {
  readonly collect: (what: 'minor' | 'major') => void;
  readonly after?: After;
}

/**
 * Has garbage collected when it has become quiet after much mail. Of itself V8 collects it when memory is asked for, so
 * what a burst has left behind would stay until the next one: up to 60 MB of a server that does nothing.
 */
export function reclaimWhenQuiet(
  store: Pick<Store, 'subscribe'>,
  { collect, after = afterTimeout }: ReclaimOptions,
): Disposable {
  let changes = 0;
  let seen = 0;
  let total = 0;
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
  // What lies outside the heap is given back after the first collection, and the heap shrinks in the second.
  const again = () => {
    changes = 0;
    collect('major');
  };

  const unsubscribe = store.subscribe((event) => {
    // One event may be about all mail.
    changes += Math.max(1, total - event.counts.total);
    total = event.counts.total;
    if (callOff === null) watch();
  });
  return {
    [Symbol.dispose]() {
      unsubscribe();
      callOff?.();
    },
  };
}

/** @returns what collects garbage: the young, or all of it */
export function garbageCollector(): ReclaimOptions['collect'] {
  // The only way to it in a process that was not started with the flag.
  setFlagsFromString('--expose-gc');
  const collect: (...options: readonly { readonly type: 'minor' }[]) => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return (what) => {
    // Node 20 takes whatever it is given for a minor one.
    if (what === 'minor') collect({ type: what });
    else collect();
  };
}
