import type { Candidate } from './matches.ts';
import { fold } from './term.ts';

/** In chars: how much of one mail is searched before the rest is left to a thread. Takes 4 ms at worst. */
const MOST_CHARS = 500_000;
/** In chars: the fixed cost of a search, however short the text. */
const LOOK = 64;

/**
 * One mail while queries are matched against it. Folds each text only once, for any number of terms. Outside a thread,
 * verdicts become `unknown` after a limit of chars, so neither long mails nor many terms take long.
 */
export class Inquiry {
  readonly candidate: Candidate;
  /** Unix time in ms. */
  readonly now: number;
  #looked = 0;
  #lacksText = false;
  #lacksHeaders = false;
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

  /** Counts a search of a text. @returns false when the limit is reached */
  mayLook(chars: number): boolean {
    if (this.isSpent) return false;
    this.#looked += chars + LOOK;
    return true;
  }

  /** Whether the verdict may depend on the text, which was not at hand. */
  get lacksText(): boolean {
    return this.#lacksText;
  }

  get lacksHeaders(): boolean {
    return this.#lacksHeaders;
  }

  /** The text of the body; null when it is not at hand. */
  get text(): string | null {
    if (this.#text === undefined) this.#text = this.candidate.body?.text ?? null;
    this.#lacksText = this.#text === null;
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
    const headers = this.candidate.content?.headers ?? this.candidate.headers;
    if (!headers) {
      this.#lacksHeaders = true;
      return null;
    }
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

/** The values of a header field, folded on first use. */
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
