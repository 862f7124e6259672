import type { Content } from '../../message/message.ts';
import type { Body } from '../../message/query/matches.ts';

/** A cached parsed mail. */
export interface CachedContent {
  readonly content: Content;
  readonly body: Body;
  /** Null when the parts are too large to keep. */
  readonly parts: readonly Uint8Array[] | null;
}

/** LRU cache with a budget in octets. */
export class ContentCache {
  readonly #budget: number;
  /** In order of last use: a Map keeps insertion order. */
  readonly #entries = new Map<string, CachedContent & { readonly octets: number }>();
  #octets = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Octets held (an estimate). */
  get octets(): number {
    return this.#octets;
  }

  get(id: string): CachedContent | null {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  /** A mail that exceeds the whole budget is cached without its parts, or not at all. */
  set(id: string, content: Content, body: Body, parts: readonly Uint8Array[]): void {
    this.delete(id);
    const withoutParts = octetsOf(content) + 2 * (body.text?.length ?? 0);
    const withParts = parts.reduce((sum, part) => sum + part.byteLength, withoutParts);
    const octets = withParts <= this.#budget ? withParts : withoutParts;
    if (octets > this.#budget) return;
    this.#entries.set(id, { content, body, parts: withParts <= this.#budget ? parts : null, octets });
    this.#octets += octets;
    for (const oldest of this.#entries.keys()) {
      if (this.#octets <= this.#budget) break;
      this.delete(oldest);
    }
  }

  delete(id: string): void {
    this.#octets -= this.#entries.get(id)?.octets ?? 0;
    this.#entries.delete(id);
  }
}

/** Counts two octets per char, the most that a string takes. */
function octetsOf({ text, html, searchText, headers }: Content): number {
  const chars = (text?.length ?? 0) + (html?.length ?? 0) + searchText.length;
  return 2 * headers.reduce((sum, { name, value }) => sum + name.length + value.length, chars);
}
