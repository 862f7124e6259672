import type { Candidate } from './matches.ts';
import { fold } from './term.ts';

/** In chars: what may be looked through in one mail before the rest is left to a thread. Takes 4 ms at worst. */
const MOST_CHARS = 500_000;
/** In chars: what a look costs however short the text is. */
const LOOK = 64;

/**
 * One mail while queries are asked of it. What they compare is folded once, however many terms there are, and once they
 * have looked through much, what is left is `unknown` outside of a thread: so neither long mail nor many terms take long.
 */
export class Inquiry {
  readonly candidate: Candidate;
  /** Unix time in ms. */
  readonly now: number;
  #looked = 0;
  #text: string | null | undefined;
  #html: string | undefined;
  #tags: ReadonlySet<string> | undefined;
  #filenames: readonly string[] | undefined;
  #fields: ReadonlyMap<string, Values> | null | undefined;

  constructor(candidate: Candidate, now: number) {
    this.candidate = candidate;
    this.now = now;
  }

  /** Chars so far. */
  get looked(): number {
    return this.#looked;
  }

  /** Whether a thread has to go on. */
  get isSpent(): boolean {
    return this.#looked >= MOST_CHARS && !this.candidate.isPatient;
  }

  /** Counts a look through a text. @returns false when there have been too many */
  mayLook(chars: number): boolean {
    if (this.isSpent) return false;
    this.#looked += chars + LOOK;
    return true;
  }

  /** Of the body; it may have to be read. */
  get text(): string | null {
    if (this.#text === undefined) this.#text = this.candidate.body?.text ?? null;
    return this.#text;
  }

  html(html: string): string {
    this.#html ??= fold(html);
    return this.#html;
  }

  get tags(): ReadonlySet<string> {
    this.#tags ??= new Set(this.candidate.summary.tags.map(fold));
    return this.#tags;
  }

  get filenames(): readonly string[] {
    const { attachments } = this.candidate.summary;
    this.#filenames ??= (attachments ?? []).flatMap(({ filename }) => (filename === null ? [] : [fold(filename)]));
    return this.#filenames;
  }

  /** The header fields by their names in lower case; null when they can't be had. */
  get fields(): ReadonlyMap<string, Values> | null {
    if (this.#fields === undefined) this.#fields = this.#readFields();
    return this.#fields;
  }

  #readFields(): ReadonlyMap<string, Values> | null {
    const headers = this.candidate.content?.headers ?? this.candidate.headers?.();
    if (!headers) return null;
    const fields = new Map<string, Values>();
    for (const { name, value } of headers) {
      const key = name.toLowerCase();
      const values = fields.get(key) ?? new Values();
      values.add(value);
      fields.set(key, values);
    }
    return fields;
  }
}

/** What a header field has, folded when it is first looked at. */
class Values {
  readonly #values: string[] = [];
  #folded: readonly string[] | undefined;
  chars = 0;

  add(value: string): void {
    this.#values.push(value);
    this.chars += value.length;
  }

  get folded(): readonly string[] {
    this.#folded ??= this.#values.map(fold);
    return this.#folded;
  }
}

export function charsOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
