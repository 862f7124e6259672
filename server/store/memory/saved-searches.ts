import { MailstopError } from '../../../wire/errors.ts';
import type { Archive } from '../archive.ts';
import type { SavedSearch, Unnumbered } from '../events.ts';
import type { Turns } from '../turns.ts';

const MOST = 200;

interface SavedSearchesOptions {
  /** In which everything changes. */
  readonly turns: Turns;
  readonly archive: Pick<Archive, 'keepSearches' | 'saved'>;
  readonly publish: (change: Unnumbered) => void;
}

/** The saved searches, sorted by name. */
export class SavedSearches {
  readonly #options: SavedSearchesOptions;
  all: readonly SavedSearch[] = [];

  constructor(options: SavedSearchesOptions) {
    this.#options = options;
  }

  /** @throws {MailstopError} `bad-request` when there are too many; like `Archive.saved` */
  async save(search: SavedSearch): Promise<void> {
    await this.#options.turns.take(() => {
      const others = this.#without(search.name);
      if (others.length >= MOST)
        throw new MailstopError('bad-request', `There are ${MOST} saved searches, the maximum: remove some first.`);
      this.#change([...others, search].sort((a, b) => a.name.localeCompare(b.name, 'en')));
    });
    await this.#options.archive.saved();
  }

  /** @returns false when there is none with that name @throws like `Archive.saved` */
  async remove(name: string): Promise<boolean> {
    const isThere = await this.#options.turns.take(() => {
      const others = this.#without(name);
      if (others.length === this.all.length) return false;
      this.#change(others);
      return true;
    });
    if (isThere) await this.#options.archive.saved();
    return isThere;
  }

  #without(name: string): readonly SavedSearch[] {
    return this.all.filter((search) => search.name !== name);
  }

  #change(searches: readonly SavedSearch[]): void {
    this.all = searches;
    this.#options.archive.keepSearches(searches);
    this.#options.publish({ type: 'searches', searches });
  }
}
