import { setImmediate } from 'node:timers/promises';
import { everything, type Query } from '../message/query.ts';
import type { StoreEvent } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import { type Maildrop, maildrop } from './maildrop.ts';
import { wireSize } from './octets.ts';

/** After counting this many octets of mail, everybody else gets a turn. */
const TURN = 4 * 1024 * 1024;

/**
 * Opens mailboxes. Each mail's size on the wire is counted once, when it is first in an opened mailbox,
 * and remembered as long as the mail exists.
 */
export class Mailboxes implements Disposable {
  readonly #store: Store;
  readonly #sizes = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    this.#store = store;
    this.#unsubscribe = store.subscribe((event) => this.#forget(event));
  }

  /**
   * What lies in a mailbox at this moment, the oldest mail first. A mailbox without mail is empty.
   * @param name as given at the login: an address, a local part, an SMTP username, or `all` or `*`
   */
  async open(name: string): Promise<Maildrop> {
    const found = await this.#store.ids(queryFor(name));
    const ids: string[] = [];
    const sizes = new Uint32Array(found.length);
    let counted = 0;
    for (let at = found.length - 1; at >= 0; at--) {
      const id = found[at] ?? '';
      let size = this.#sizes.get(id);
      if (size === undefined) {
        const raw = await this.#store.raw(id);
        if (raw === null) continue; // deleted since we asked
        size = wireSize(raw);
        this.#sizes.set(id, size);
        counted += size;
        if (counted > TURN) {
          counted = 0;
          await setImmediate();
        }
      }
      sizes[ids.length] = size;
      ids.push(id);
    }
    return maildrop(ids, sizes.subarray(0, ids.length));
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
    this.#sizes.clear();
  }

  #forget(event: StoreEvent): void {
    if (event.type === 'cleared') this.#sizes.clear();
    if (event.type === 'removed') for (const id of event.ids) this.#sizes.delete(id);
  }
}

/** Which names open which mails is decided by the query; everything is asked for as such because it costs less. */
function queryFor(name: string): Query {
  return /^(all|\*)$/i.test(name) ? everything : { match: 'mailbox', name };
}
