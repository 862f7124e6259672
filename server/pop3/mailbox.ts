import { everything, type Query } from '../../wire/query/query.ts';
import type { Slices } from '../slices.ts';
import type { Start, StoreEvent } from '../store/events.ts';
import { follow } from '../store/follow.ts';
import type { Store } from '../store/store.ts';
import { wireSize } from './octets.ts';
import { type Maildrop, maildrop } from './session/maildrop.ts';

/** How many mails of known size to collect before checking the time. */
const KNOWN_AT_ONCE = 1000;

/**
 * Opens mailboxes. Each mail's size on the wire is counted once, when it first appears in an opened mailbox, and cached
 * as long as the mail exists.
 */
export class Mailboxes implements Disposable {
  readonly #store: Store;
  readonly #sizes = new Map<string, number>();
  /** Mails being counted, as long as they exist. */
  readonly #counting = new Set<string>();
  readonly #slices: Slices;
  readonly #following: Disposable;

  constructor(store: Store, slices: Slices, report: (error: unknown) => void) {
    this.#store = store;
    this.#slices = slices;
    this.#following = follow(store, (event) => this.#forget(event), report);
  }

  /**
   * The current content of a mailbox, oldest mail first. A mailbox without mail is empty.
   * @param name as given at login: an address, a local part, an SMTP username, or `all` or `*`
   */
  async open(name: string): Promise<Maildrop> {
    const found = await this.#store.ids(queryFor(name));
    const ids: string[] = [];
    const sizes = new Uint32Array(found.length);
    for (let at = found.length - 1; at >= 0; at--) {
      const id = found[at] ?? '';
      let size = this.#sizes.get(id);
      const known = size !== undefined;
      if (size === undefined) {
        const counted = await this.#count(id);
        if (counted === null) continue; // deleted since we asked
        size = counted;
      }
      sizes[ids.length] = size;
      ids.push(id);
      if ((!known || at % KNOWN_AT_ONCE === 0) && this.#slices.over) await this.#slices.turn();
    }
    return maildrop(name, ids, sizes.subarray(0, ids.length));
  }

  async #count(id: string): Promise<number | null> {
    this.#counting.add(id);
    const raw = await this.#store.raw(id);
    const size = raw && (await this.#slices.run(wireSize(raw)));
    if (this.#counting.delete(id) && size !== null) this.#sizes.set(id, size);
    return size;
  }

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]();
    this.#sizes.clear();
  }

  #forget(event: Start | StoreEvent): void {
    if (event.type === 'start' || event.type === 'cleared') {
      this.#sizes.clear();
      this.#counting.clear();
    }
    if (event.type !== 'removed') return;
    for (const id of event.ids) {
      this.#sizes.delete(id);
      this.#counting.delete(id);
    }
  }
}

/** The query decides which mails a name opens. Everything is a separate query because it costs less. */
function queryFor(name: string): Query {
  return /^(all|\*)$/i.test(name) ? everything : { match: 'mailbox', name };
}
