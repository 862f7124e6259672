/** A boundary line. */
interface Found<Owner> {
  readonly owner: Owner;
  /** Whether it is the final one, `--boundary--`. */
  readonly final: boolean;
  /** The beginning of its line. */
  readonly at: number;
  /** The line after it. */
  readonly next: number;
}

const DASHES = Buffer.from('--');
const DASH = 0x2d;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Finds the boundary lines of the open multiparts (RFC 2046 §5.1.1): `--`, the boundary, another `--` for the final
 * one, then only white space. Lines end in CRLF, LF or CR.
 */
export class Delimiters<Owner extends { readonly boundary: string | null }> {
  readonly #raw: Buffer;
  /** For each boundary, its owners, innermost last. */
  readonly #owners = new Map<string, { readonly owner: Owner; readonly depth: number }[]>();
  readonly #finished = new Map<string, Owner>();
  #added = 0;
  #longest = 0;

  constructor(raw: Buffer) {
    this.#raw = raw;
  }

  add(boundary: string, owner: Owner): void {
    const owners = this.#owners.get(boundary) ?? [];
    owners.push({ owner, depth: this.#added++ });
    this.#owners.set(boundary, owners);
    this.#longest = Math.max(this.#longest, boundary.length);
  }

  /** After the final boundary: its lines now belong to other owners of the same boundary, or else still to it. */
  finish(owner: Owner): void {
    this.remove(owner);
    this.#finished.set(owner.boundary ?? '', owner);
  }

  remove(owner: Owner): void {
    const owners = this.#owners.get(owner.boundary ?? '') ?? [];
    const index = owners.findIndex((one) => one.owner === owner);
    if (index !== -1) owners.splice(index, 1);
    if (owners.length === 0) this.#owners.delete(owner.boundary ?? '');
    if (this.#finished.get(owner.boundary ?? '') === owner) this.#finished.delete(owner.boundary ?? '');
  }

  /** The next boundary line that begins at `from` or later. */
  next(from: number): Found<Owner> | null {
    const raw = this.#raw;
    if (this.#owners.size + this.#finished.size === 0) return null;
    for (let at = raw.indexOf(DASHES, from); at !== -1; ) {
      if (at > 0 && raw[at - 1] !== LF && raw[at - 1] !== CR) {
        // The next line can't begin before the char after the dashes.
        at = raw.indexOf(DASHES, at + 3);
        continue;
      }
      const end = this.#lineEnd(at);
      const found = this.#match(at + 2, end);
      if (found) return { owner: found.owner, final: found.final, at, next: this.#afterLineEnd(end) };
      at = raw.indexOf(DASHES, end);
    }
    return null;
  }

  /** Whether a boundary line begins at `at`. */
  startsAt(at: number): boolean {
    const raw = this.#raw;
    return raw[at] === DASH && raw[at + 1] === DASH && this.#match(at + 2, this.#lineEnd(at)) !== null;
  }

  /** @param line without its line end */
  isOne(line: string): boolean {
    return this.#owner(trimEnd(line.slice(2))) !== null;
  }

  #lineEnd(at: number): number {
    let end = at;
    while (end < this.#raw.length && this.#raw[end] !== LF && this.#raw[end] !== CR) end++;
    return end;
  }

  #match(from: number, lineEnd: number) {
    let to = lineEnd;
    while (to > from && (this.#raw[to - 1] === SPACE || this.#raw[to - 1] === TAB)) to--;
    if (to - from > this.#longest + 2) return null;
    const text = this.#raw.toString('latin1', from, to);
    const finished = this.#finished.get(text);
    return this.#owner(text) ?? (finished ? { owner: finished, final: false } : null);
  }

  /** A boundary may equal another one followed by `--`. */
  #owner(text: string): { readonly owner: Owner; readonly final: boolean } | null {
    const opening = this.#owners.get(text)?.at(-1);
    const closing = text.endsWith('--') ? this.#owners.get(text.slice(0, -2))?.at(-1) : undefined;
    if (opening && !(closing && closing.depth > opening.depth)) return { owner: opening.owner, final: false };
    return closing ? { owner: closing.owner, final: true } : null;
  }

  #afterLineEnd(end: number): number {
    return this.#raw[end] === CR && this.#raw[end + 1] === LF ? end + 2 : Math.min(end + 1, this.#raw.length);
  }
}

/** Not a regular expression, which would take quadratic time for a run of spaces that isn't at the end. */
export function trimEnd(latin1: string): string {
  let to = latin1.length;
  while (to > 0 && (latin1.charAt(to - 1) === ' ' || latin1.charAt(to - 1) === '\t')) to--;
  return latin1.slice(0, to);
}
