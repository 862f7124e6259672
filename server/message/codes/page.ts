import { type Candidate, candidatesOf } from './candidates.ts';
import { fold } from './fold.ts';
import { type Label, labelsOf } from './labels.ts';
import { type Looks, looksOf } from './looks.ts';
import { Says } from './phrases.ts';
import { isRefused } from './refusal.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A candidate that looks like a code. */
export interface Token extends Looks, Candidate {}

/** A line: its position in the text of the page, and the range of its candidates by index, end excluded. */
export interface Line extends Candidate {
  readonly candidates: readonly [from: number, to: number];
}

/** A line of at least this length probably continues on the next. */
const WRAPPED = 55;
/** What may be beside a code on its own line: brackets, quotes, arrows, emphasis. */
const FILLING = /^[\s"'“”„«»‹›*`()[\]{}<>【】「」『』|:.,!=→➡►▶~-]*$/;
const MAX_FILLING = 60;
/** At most a space and quotes. */
const BESIDE = /^ ?["'“”„«»]?$/;
const ENDS_SENTENCE = /[.!?:;。！？：]["'”)]?$/;

/** One source of a mail (subject, text or HTML). Labels are only read if there are candidates. */
export class Page {
  readonly text: string;
  readonly candidates: readonly Candidate[];
  readonly labels: readonly Label[];
  /** The labels that say that a code near them is something else. */
  readonly elsewhere: readonly Label[];
  readonly lines: readonly Line[];
  readonly vocabulary: Vocabulary;
  readonly #wraps: boolean;
  readonly #tokens: (Token | null | undefined)[] = [];
  readonly #alone: (boolean | undefined)[] = [];

  /** @param wraps whether sentences may continue on the next line, as in plain text */
  constructor(source: string, vocabulary: Vocabulary, wraps: boolean) {
    const folded = fold(source);
    this.text = folded.text;
    this.vocabulary = vocabulary;
    this.#wraps = wraps;
    this.candidates = candidatesOf(folded);
    this.labels = this.candidates.length > 0 ? labelsOf(vocabulary.phrases, folded) : [];
    this.elsewhere = this.labels.filter(({ says }) => says & Says.elsewhere);
    this.lines = this.candidates.length > 0 ? linesOf(this.text, this.candidates) : [];
  }

  /** Whether any label has one of these flags. */
  says(bits: number): boolean {
    return this.labels.some(({ says }) => (says & bits) !== 0);
  }

  /** The candidate as a token; null if its form or the chars beside it rule out a code. */
  token(number: number): Token | null {
    const known = this.#tokens[number];
    if (known !== undefined) return known;
    const token = this.#read(number);
    this.#tokens[number] = token;
    return token;
  }

  /** Whether it is alone on its line. */
  isAlone(number: number, { start, end }: Line): boolean {
    const known = this.#alone[number];
    if (known !== undefined) return known;
    const alone = this.#standsAlone(number, start, end);
    this.#alone[number] = alone;
    return alone;
  }

  /** Where the context of a line begins: at the previous line if that was wrapped. */
  beginning(line: number): number {
    const before = this.lines[line - 1];
    const here = this.lines[line]?.start ?? 0;
    return before && this.#wraps && this.#goesOn(before) ? before.start : here;
  }

  ending(line: number): number {
    const here = this.lines[line];
    if (!here) return this.text.length;
    return this.#wraps && this.#goesOn(here) ? (this.lines[line + 1]?.end ?? here.end) : here.end;
  }

  #goesOn({ start, end }: Line): boolean {
    return end - start >= WRAPPED && !ENDS_SENTENCE.test(this.text.slice(Math.max(start, end - 3), end));
  }

  #standsAlone(number: number, lineStart: number, lineEnd: number): boolean {
    const candidate = this.candidates[number];
    if (!candidate) return false;
    const { start, end } = candidate;
    if (lineEnd - lineStart - (end - start) >= MAX_FILLING) return false;
    return isFilling(this.text.slice(lineStart, start)) && isFilling(this.text.slice(end, lineEnd));
  }

  #read(number: number): Token | null {
    const candidate = this.candidates[number];
    if (!candidate) return null;
    const { start, end } = candidate;
    const looks = looksOf(this.text.slice(start, end), this.vocabulary.adjectives);
    if (looks === null || isRefused(this.text.slice(Math.max(0, start - 16), start), this.text.slice(end, end + 8)))
      return null;
    if (this.#isDenied(start, end)) return null;
    const { code, doubt, needs } = looks;
    return { start, end, code, doubt, needs };
  }

  /** Whether a word right beside a number rules out a code: `5 minutes`, `not 111111`. */
  #isDenied(start: number, end: number): boolean {
    const next = this.labels[firstFrom(this.labels, end)];
    if (next && next.says & (Says.unit | Says.past) && BESIDE.test(this.text.slice(end, next.start))) return true;
    const before = this.labels[firstFrom(this.labels, start) - 1];
    return before !== undefined && (before.says & Says.not) !== 0 && BESIDE.test(this.text.slice(before.end, start));
  }
}

export function isFilling(text: string): boolean {
  return text === '' || FILLING.test(text);
}

/** The index of the first one that starts at or after this position. */
export function firstFrom(sorted: readonly Candidate[], position: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function linesOf(text: string, candidates: readonly Candidate[]): readonly Line[] {
  const lines: Line[] = [];
  let candidate = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const from = candidate;
    while ((candidates[candidate]?.start ?? Number.POSITIVE_INFINITY) < end) candidate++;
    lines.push({ start, end, candidates: [from, candidate] });
    start = end + 1;
  }
  return lines;
}
