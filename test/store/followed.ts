import type { StoreEvent } from '../../server/store/events.ts';
import type { Store } from '../../server/store/store.ts';

/** What has been read of a store's changes since. */
export interface Followed extends Disposable {
  /** All changes that the store has made by now. */
  events(): Promise<readonly StoreEvent[]>;
}

/** Reads all changes from now on. */
export async function followed(store: Pick<Store, 'changes' | 'stats'>): Promise<Followed> {
  const events: StoreEvent[] = [];
  const over = new AbortController();
  let seq = -1;
  let wake = () => {};
  const until = async (wanted: number) => {
    while (seq < wanted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const read = async () => {
    for await (const some of store.changes(null, over.signal)) {
      for (const event of some) {
        seq = event.seq;
        if (event.type !== 'start') events.push(event);
      }
      wake();
    }
  };
  void read();
  await until(0);
  return {
    async events() {
      await until((await store.stats()).seq);
      return events;
    },
    [Symbol.dispose]: () => over.abort(),
  };
}
