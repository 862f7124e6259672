import { lowered } from './fold.ts';
import type { Words } from './words/words.ts';

/** Flags: what a phrase says. A phrase can have several. */
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

/** A node of the tree of phrases: one character. Children are a linked list, a quarter of the memory of arrays. */
export interface Node {
  readonly code: number;
  says: number;
  child: Node | null;
  sibling: Node | null;
  /** For many children: one list for each value of the last five bits of their characters. */
  many: (Node | null)[] | null;
  more: More | null;
}

/** Fields that only few nodes have. */
export interface More {
  /** After any letters or none. */
  star: Node | null;
  /** After one to three spaces or hyphens. */
  space: Node | null;
  /** After a kind (`promo`): the nouns that combine with it. */
  nouns: Node | null;
  /** The phrase, if it only matches in capitals. */
  capitals: string | null;
}

/** All phrases of some languages as a tree, so that one pass over a text finds them all. */
export interface Phrases {
  /** The first nodes of phrases; number 0 is null. */
  readonly first: readonly (Node | null)[];
  /** For each UTF-16 unit, the number of its node in `first`. */
  readonly index: Uint16Array;
  /** The endings of compounds (`*nummer`), reversed. */
  readonly endings: Node;
}

const ONLY_ASCII = /^[ -~]*$/;
const ONLY_CAPITALS = /^[A-Z]+$/;
/** Letters that Unicode does not decompose into a letter and an accent. */
const PLAIN: Readonly<Record<string, string>> = { ı: 'i', ł: 'l', đ: 'd', ø: 'o' };
/** Shorter phrases keep their accents: without them, they are words of other languages (`mã`, Italian `ma`). */
const SHORTEST_BARE = 3;
const STAR = '*';
const STAR_CODE = 0x2a;
const SPACE = 0x20;
/** More children than this are spread by those five bits, which differ for all small letters of an alphabet. */
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
      // The same kind in two languages combines with the nouns of both.
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

/** Spreads the children of nodes that have many. Nothing can be added after this. */
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

/** The node of the last character of a phrase, created if missing. */
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

/** Merges two nodes into a new one, unless one is null. */
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

/** The phrases of a list, folded like a text, with and without accents. */
function spellings(list: string | undefined): readonly string[] {
  return phrasesIn(list).flatMap((phrase) => {
    const written = folded(phrase);
    const bare = ONLY_ASCII.test(phrase) ? written : folded(plain(phrase));
    return bare === written || bare.length < SHORTEST_BARE ? written : [written, bare];
  });
}

/** The phrases of a list, as written. */
export function phrasesIn(list: string | undefined): readonly string[] {
  const phrases = (list ?? '').replace(/\s+/g, ' ').trim();
  return phrases === '' ? [] : phrases.split(/ ?, ?/);
}

/** Folds a phrase; a phrase in capitals keeps them. */
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
