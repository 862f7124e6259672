import { lowered } from './fold.ts';
import type { Words } from './words/words.ts';

/** What a phrase says; a phrase can say several things. */
export const Says = {
  oneTime: 1,
  maybe: 2,
  other: 4,
  elsewhere: 8,
  meeting: 16,
  unit: 32,
  enter: 64,
  purpose: 128,
  not: 256,
  past: 512,
} as const;

/** A character of phrases that begin alike. Children are a linked list, which takes a quarter of the memory of arrays. */
export interface Node {
  readonly code: number;
  says: number;
  child: Node | null;
  sibling: Node | null;
  /** Where there are many children: a list of them for each value of the last five bits of their characters. */
  many: (Node | null)[] | null;
  more: More | null;
}

/** What few nodes have. */
export interface More {
  /** Any letters, or none. */
  star: Node | null;
  /** One to three spaces or hyphens. */
  space: Node | null;
  /** After a kind (`promo`): the nouns that go with it. */
  nouns: Node | null;
  /** The phrase as it must be written, if only in capitals. */
  capitals: string | null;
}

/** All phrases of some languages as a tree, so that a text is read once, whatever their number. */
export interface Phrases {
  /** Those that phrases begin with; the one of number 0 is null. */
  readonly first: readonly (Node | null)[];
  /** For each UTF-16 unit, the number of its node in `first`. */
  readonly index: Uint16Array;
  /** The ends of compounds (`*nummer`), backward. */
  readonly endings: Node;
}

const ONLY_ASCII = /^[ -~]*$/;
const ONLY_CAPITALS = /^[A-Z]+$/;
/** Letters with a stroke are not made of a letter and an accent. */
const PLAIN: Readonly<Record<string, string>> = { ı: 'i', ł: 'l', đ: 'd', ø: 'o' };
/** Without its accent a shorter phrase is a word of other languages: `mã` would be the Italian `ma`. */
const SHORTEST_BARE = 3;
const STAR = '*';
const STAR_CODE = 0x2a;
const SPACE = 0x20;
/** With more children than this they are spread by these bits: no two small letters of an alphabet have the same. */
const MANY = 2;
const LAST_BITS = 31;

export function phrasesOf(languages: readonly Words[]): Phrases {
  const root = node();
  const endings = node();
  const add = (list: string | undefined, says: number) => {
    for (const phrase of spellings(list)) {
      const last = phrase.startsWith(STAR) ? end(endings, backward(phrase.slice(1))) : end(root, phrase);
      last.says |= says;
    }
  };
  for (const words of languages) {
    add(words.oneTime, Says.oneTime);
    add(words.maybe, Says.maybe);
    add(words.otherNames, Says.other);
    add(words.elsewhere, Says.elsewhere);
    add(words.meeting, Says.meeting);
    add(words.units, Says.unit);
    add(words.enter, Says.enter);
    add(words.purpose, Says.purpose);
    add(words.not, Says.not);
    add(words.past, Says.past);
    const nouns = node();
    for (const noun of spellings(words.nouns)) end(nouns, noun).says = Says.other;
    for (const kind of spellings(words.otherKinds)) {
      const more = moreOf(end(root, kind));
      // Kinds of two languages that are written alike: the nouns of both go with them.
      more.nouns = both(more.nouns, nouns);
    }
  }
  const first = [null, ...children(root)];
  const index = new Uint16Array(0x10000);
  for (const [at, one] of first.entries()) {
    if (one === null) continue;
    index[one.code] = at;
    spread(one);
  }
  spread(endings);
  return { first, index, endings };
}

function node(code = 0): Node {
  return { code, says: 0, child: null, sibling: null, many: null, more: null };
}

function moreOf(one: Node): More {
  one.more ??= { star: null, space: null, nouns: null, capitals: null };
  return one.more;
}

export function childOf({ child, many }: Node, code: number): Node | null {
  let one = many === null ? child : (many[code & LAST_BITS] ?? null);
  while (one !== null && one.code !== code) one = one.sibling;
  return one;
}

function children({ child }: Node): readonly Node[] {
  const all: Node[] = [];
  for (let one = child; one !== null; one = one.sibling) all.push(one);
  return all;
}

/** Spreads the children of nodes that have many. Nothing can be added afterward. */
function spread(from: Node): void {
  if (from.many !== null) return;
  let count = 0;
  for (let one = from.child; one !== null; one = one.sibling) {
    spread(one);
    count++;
  }
  if (from.more !== null) {
    for (const next of [from.more.star, from.more.space, from.more.nouns]) if (next !== null) spread(next);
  }
  if (count <= MANY) return;
  const many: (Node | null)[] = new Array(LAST_BITS + 1).fill(null);
  for (const one of children(from)) {
    one.sibling = many[one.code & LAST_BITS] ?? null;
    many[one.code & LAST_BITS] = one;
  }
  from.many = many;
}

/** The node of the last character of a phrase, made when it isn't there. */
function end(root: Node, phrase: string): Node {
  const lower = ONLY_CAPITALS.test(phrase) ? lowered(phrase) : phrase;
  let last = root;
  for (let at = 0; at < lower.length; at++) last = step(last, lower.charCodeAt(at));
  if (phrase !== lower) moreOf(last).capitals = phrase;
  return last;
}

function step(from: Node, code: number): Node {
  if (code === STAR_CODE || code === SPACE) {
    const more = moreOf(from);
    const key = code === SPACE ? 'space' : 'star';
    more[key] ??= node(code);
    return more[key];
  }
  const known = childOf(from, code);
  if (known !== null) return known;
  from.child = { ...node(code), sibling: from.child };
  return from.child;
}

/** A new node with the phrases of both, unless there is only one. */
function both(one: Node | null, other: Node | null): Node | null {
  if (one === null || other === null) return one ?? other;
  const codes = new Set([...children(one), ...children(other)].map(({ code }) => code));
  let child: Node | null = null;
  for (const code of codes) {
    const next = both(childOf(one, code), childOf(other, code));
    if (next !== null) child = { ...next, sibling: child };
  }
  const [a, b] = [one.more, other.more];
  const more = {
    star: both(a?.star ?? null, b?.star ?? null),
    space: both(a?.space ?? null, b?.space ?? null),
    nouns: null,
    capitals: null,
  };
  return { ...one, says: one.says | other.says, child, more };
}

/** The phrases of a list, folded as a text is, each also without its accents. */
function spellings(list: string | undefined): readonly string[] {
  return phrasesIn(list).flatMap((phrase) => {
    const written = folded(phrase);
    const bare = ONLY_ASCII.test(phrase) ? written : folded(plain(phrase));
    return bare === written || bare.length < SHORTEST_BARE ? written : [written, bare];
  });
}

/** The phrases of a list as they are written. */
export function phrasesIn(list: string | undefined): readonly string[] {
  const phrases = (list ?? '').replace(/\s+/g, ' ').trim();
  return phrases === '' ? [] : phrases.split(/ ?, ?/);
}

/** Capitals stay, if it has no other letters. */
function folded(phrase: string): string {
  return ONLY_CAPITALS.test(phrase) ? phrase : lowered(phrase);
}

function plain(phrase: string): string {
  const bare = phrase
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  return bare.replace(/[ıłđø]/g, (letter) => PLAIN[letter] ?? letter);
}

function backward(text: string): string {
  return [...text].reverse().join('');
}
