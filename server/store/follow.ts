import type { Start, StoreEvent } from './events.ts';
import type { Store } from './store.ts';

/**
 * Calls `take` with each change from now on, after a `start`. What it throws is reported, and it gets the next one all
 * the same.
 */
export function follow(
  store: Pick<Store, 'changes'>,
  take: (event: Start | StoreEvent) => void,
  report: (error: unknown) => void,
): Disposable {
  const over = new AbortController();
  const read = async () => {
    for await (const events of store.changes(null, over.signal)) {
      for (const event of events) {
        if (over.signal.aborted) return;
        try {
          take(event);
        } catch (error) {
          report(error);
        }
      }
    }
  };
  read().catch(report);
  return { [Symbol.dispose]: () => over.abort() };
}
