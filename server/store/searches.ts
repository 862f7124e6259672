import { MailstopError } from '../../wire/errors.ts';
import type { SavedSearch } from './events.ts';
import { readQuery } from './read-query.ts';
import type { Store } from './store.ts';

/** Persistent storage of the searches, if there is any. */
export interface SearchesKept {
  readonly searches: readonly SavedSearch[];
  keepSearches(searches: readonly SavedSearch[]): void;
  /** Resolves when they are durable. */
  saved(): Promise<void>;
}

const MOST = 200;

/** The saved searches, sorted by name. Each change is published as an event of the store. */
export class SavedSearches {
  readonly #store: Pick<Store, 'announce' | 'regexFaults'>;
  readonly #kept: SearchesKept | null;
  #searches: readonly SavedSearch[];

  constructor(store: Pick<Store, 'announce' | 'regexFaults'>, kept: SearchesKept | null) {
    this.#store = store;
    this.#kept = kept;
    this.#searches = kept?.searches ?? [];
  }

  get all(): readonly SavedSearch[] {
    return this.#searches;
  }

  /**
   * Saves a search, replacing one of the same name.
   * @throws {MailstopError} `bad-query`, `search-failed`; `bad-request` when there are too many
   */
  async save(search: SavedSearch): Promise<void> {
    await readQuery(search.q, this.#store);
    const others = this.#searches.filter(({ name }) => name !== search.name);
    if (others.length >= MOST)
      throw new MailstopError('bad-request', `There are ${MOST} saved searches, the maximum: remove some first.`);
    await this.#change([...others, search].sort((a, b) => a.name.localeCompare(b.name, 'en')));
  }

  /** @returns false when there is none with that name */
  async remove(name: string): Promise<boolean> {
    const others = this.#searches.filter((search) => search.name !== name);
    if (others.length === this.#searches.length) return false;
    await this.#change(others);
    return true;
  }

  async #change(searches: readonly SavedSearch[]): Promise<void> {
    this.#searches = searches;
    this.#kept?.keepSearches(searches);
    await this.#store.announce({ type: 'searches', searches });
    await this.#kept?.saved();
  }
}
