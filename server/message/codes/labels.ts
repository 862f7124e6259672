import { lowerAt } from './fold.ts';
import { Letter, letterAt } from './letters.ts';
import { childOf, type Node, type Phrases, Says } from './phrases.ts';

/** A phrase in a text. */
export interface Label {
  /** Bits of `Says`. */
  readonly says: number;
  readonly start: number;
  readonly end: number;
}

/** These color their surroundings, even as a part of a longer phrase. */
const SURROUNDINGS = Says.elsewhere | Says.meeting;

const SPACE = 0x20;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const MAX_STAR = 20;
const MAX_WORD = 40;
const MAX_SPACES = 3;

/** The phrases of a folded text in order, the longest where several begin. Takes time in proportion to the text. */
export function labelsOf(phrases: Phrases, text: string): readonly Label[] {
  const labels: Label[] = [];
  const walk = new Walk(text);
  let inWord = false;
  for (let at = 0; at < text.length; ) {
    const isLetter = letterAt(text, at) !== Letter.none;
    const found = isLetter && inWord ? null : longest(phrases, walk, at);
    inWord = isLetter;
    if (found === null) {
      at++;
      continue;
    }
    labels.push(found);
    at = found.end;
    inWord = letterAt(text, at - 1) !== Letter.none;
  }
  return labels;
}

function longest({ first, index, endings }: Phrases, walk: Walk, start: number): Label | null {
  const slot = index[lowerAt(walk.text, start)] ?? 0;
  walk.begin(start);
  if (slot > 0) {
    const from = first[slot - 1];
    if (from !== undefined) walk.go(from, start + 1, 0);
  } else if (letterAt(walk.text, start) < Letter.upper) {
    return null;
  }
  return compound(endings, walk.text, start, walk.end) ?? walk.found();
}

/** A word that says what it is at its end, `Bestellnummer`, unless more of it was recognized. */
function compound(endings: Node, text: string, start: number, found: number): Label | null {
  if (letterAt(text, start) < Letter.upper) return null;
  const end = skipLetters(text, start, MAX_WORD);
  if (end <= found) return null;
  let ending: Node | null = endings;
  for (let at = end - 1; at >= start && ending !== null; at--) {
    ending = childOf(ending, lowerAt(text, at));
    if (ending !== null && ending.says !== 0) return { says: ending.says, start, end };
  }
  return null;
}

/** The way down the tree from one position of a text; remembers the longest phrase on it. */
class Walk {
  readonly text: string;
  #start = 0;
  #end = 0;
  #says = 0;

  constructor(text: string) {
    this.text = text;
  }

  begin(start: number): void {
    this.#start = start;
    this.#end = 0;
    this.#says = 0;
  }

  /** Where the longest phrase ends; 0 when there is none. */
  get end(): number {
    return this.#end;
  }

  found(): Label | null {
    return this.#end === 0 ? null : { says: this.#says, start: this.#start, end: this.#end };
  }

  /** @param surroundings what shorter phrases on the way said of the surroundings */
  go(from: Node, at: number, surroundings: number): void {
    const { text } = this;
    let around = surroundings;
    if (from.says !== 0 && this.#isWhole(from, at)) {
      this.#take(at, from.says | around);
      around |= from.says & SURROUNDINGS;
    }
    const next = at < text.length ? childOf(from, lowerAt(text, at)) : null;
    if (next !== null) this.go(next, at + 1, around);
    const { more } = from;
    if (more === null) return;
    const isLetter = letterAt(text, at) >= Letter.upper;
    if (more.star !== null) this.go(more.star, isLetter ? skipLetters(text, at, MAX_STAR) : at, around);
    if (more.nouns !== null) this.go(more.nouns, at, around | (from.says & SURROUNDINGS));
    if (isLetter || !isSpace(text.charCodeAt(at))) return;
    const after = skipSpaces(text, at);
    const start = lowerAt(text, after);
    if (more.nouns !== null) this.#goTo(more.nouns, start, after, around);
    if (more.space !== null) this.#goTo(more.space, start, after, around);
  }

  #goTo(from: Node, code: number, at: number, around: number): void {
    const next = childOf(from, code);
    if (next !== null) this.go(next, at + 1, around);
  }

  #take(end: number, says: number): void {
    if (end < this.#end) return;
    this.#says = end > this.#end ? says : this.#says | says;
    this.#end = end;
  }

  /** Whether a phrase ends where a word does, and is in capitals if it must be. */
  #isWhole({ more }: Node, at: number): boolean {
    const capitals = more?.capitals ?? null;
    if (capitals !== null && this.text.slice(this.#start, at) !== capitals) return false;
    return letterAt(this.text, at) < Letter.upper || letterAt(this.text, at - 1) < Letter.upper;
  }
}

function skipLetters(text: string, from: number, max: number): number {
  let at = from;
  while (at < text.length && at - from < max && letterAt(text, at) >= Letter.upper) at++;
  return at;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at - from < MAX_SPACES && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === HYPHEN || code === SLASH;
}
