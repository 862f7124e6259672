import { type Folded, lowerAt } from './fold.ts';
import { Letter, letterAt } from './letters.ts';
import { childOf, type More, type Node, type Phrases, Says } from './phrases.ts';

/** A phrase in a text. */
export interface Label {
  /** Flags from `Says`. */
  readonly says: number;
  readonly start: number;
  readonly end: number;
}

/** These affect the words around them, even as part of a longer phrase. */
const SURROUNDINGS = Says.elsewhere | Says.meeting;

const SPACE = 0x20;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const MAX_STAR = 20;
const MAX_WORD = 40;
const MAX_SPACES = 3;

/** The phrases in a folded text, in order; the longest where several begin. Linear in the length of the text. */
export function labelsOf(phrases: Phrases, folded: Folded): readonly Label[] {
  const labels: Label[] = [];
  const walk = new Walk(folded);
  const { units } = folded;
  const length = units.length - 1;
  for (let at = 0; at < length; ) {
    const found = longest(phrases, units, walk, at);
    if (found !== null) {
      labels.push(found);
      at = found.end - 1;
    }
    // A phrase never begins inside a word.
    if (letterAt(units, at++) !== Letter.none) while (letterAt(units, at) !== Letter.none) at++;
  }
  return labels;
}

function longest({ first, index, endings }: Phrases, units: Uint16Array, walk: Walk, start: number): Label | null {
  const from = first[index[lowerAt(units, start)] ?? 0] ?? null;
  walk.begin(start);
  if (from !== null) walk.go(from, start + 1, 0);
  return compound(endings, units, start, walk.end) ?? walk.found();
}

/** A compound recognized by its ending, like `Bestellnummer`, unless a longer phrase was found. */
function compound(endings: Node, units: Uint16Array, start: number, found: number): Label | null {
  const end = skipLetters(units, start, MAX_WORD);
  if (end <= found) return null;
  let ending: Node | null = endings;
  for (let at = end - 1; at >= start && ending !== null; at--) {
    ending = childOf(ending, lowerAt(units, at));
    if (ending !== null && ending.says !== 0) return { says: ending.says, start, end };
  }
  return null;
}

/** Walks down the tree from one position of a text and remembers the longest phrase. */
class Walk {
  readonly #folded: Folded;
  #start = 0;
  #end = 0;
  #says = 0;

  constructor(folded: Folded) {
    this.#folded = folded;
  }

  begin(start: number): void {
    this.#start = start;
    this.#end = 0;
    this.#says = 0;
  }

  /** Where the longest phrase ends; 0 if there is none. */
  get end(): number {
    return this.#end;
  }

  found(): Label | null {
    return this.#end === 0 ? null : { says: this.#says, start: this.#start, end: this.#end };
  }

  /** @param surroundings flags of shorter phrases on the way */
  go(from: Node, start: number, surroundings: number): void {
    let around = surroundings;
    let node: Node | null = from;
    const { units } = this.#folded;
    for (let at = start; node !== null; at++) {
      const { says, more }: Node = node;
      if (says !== 0 && this.#isWhole(more, at)) {
        this.#take(at, says | around);
        around |= says & SURROUNDINGS;
      }
      if (more !== null) this.#branch(more, at, around, around | (says & SURROUNDINGS));
      node = childOf(node, lowerAt(units, at));
    }
  }

  /** Continues after any letters (star), after spaces and with nouns. */
  #branch({ star, space, nouns }: More, at: number, around: number, aroundNouns: number): void {
    const { units } = this.#folded;
    if (star !== null) this.go(star, skipLetters(units, at, MAX_STAR), around);
    if (nouns !== null) this.go(nouns, at, aroundNouns);
    if (!isSpace(units[at])) return;
    const after = skipSpaces(units, at);
    const code = lowerAt(units, after);
    const noun = nouns && childOf(nouns, code);
    if (noun !== null) this.go(noun, after + 1, around);
    const word = space && childOf(space, code);
    if (word !== null) this.go(word, after + 1, around);
  }

  #take(end: number, says: number): void {
    if (end < this.#end) return;
    this.#says = end > this.#end ? says : this.#says | says;
    this.#end = end;
  }

  /** Whether a phrase ends at the end of a word and, if required, is in capitals. */
  #isWhole(more: More | null, at: number): boolean {
    const { text, units } = this.#folded;
    const capitals = more?.capitals ?? null;
    if (capitals !== null && text.slice(this.#start, at) !== capitals) return false;
    return letterAt(units, at) < Letter.upper || letterAt(units, at - 1) < Letter.upper;
  }
}

function skipLetters(units: Uint16Array, from: number, max: number): number {
  let at = from;
  while (at - from < max && letterAt(units, at) >= Letter.upper) at++;
  return at;
}

function skipSpaces(units: Uint16Array, from: number): number {
  let at = from;
  while (at - from < MAX_SPACES && isSpace(units[at])) at++;
  return at;
}

function isSpace(code: number | undefined): boolean {
  return code === SPACE || code === HYPHEN || code === SLASH;
}
