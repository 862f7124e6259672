import type { SessionLine } from '../../wire/state.ts';

/** How much is kept of the beginning, and of the end, of a conversation. Each line takes memory, however short. */
const HALF = { chars: 32 * 1024, lines: 500 };
/** Chars kept of a line. */
const LONGEST = 1000;

const SIDES = { C: 'client', S: 'server' } as const;

/**
 * What both sides said, in bounded memory. It is written for every command of every session and rarely read, so its
 * lines become one text, which costs less than an object for each.
 */
export class Transcript {
  readonly #head: string[] = [];
  #tail: string[] = [];
  #headLength = 0;
  #tailLength = 0;
  #omitted = 0;

  /**
   * @param at milliseconds since the start of the session
   * @param text one line, or several with line ends between them
   */
  add(at: number, from: SessionLine['from'], text: string): void {
    const side = from === 'client' ? 'C' : 'S';
    const said = text.endsWith('\r\n') ? text.slice(0, -2) : text;
    if (said.length <= LONGEST && !said.includes('\n')) return this.#keep(`${at} ${side} ${said}\n`);
    for (const line of said.split(/\r?\n/))
      this.#keep(`${at} ${side} ${line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line}\n`);
  }

  /** For `linesOf`. Joined, so that V8 does not keep it as a tree of its pieces. */
  get text(): string {
    if (this.#omitted === 0) return [...this.#head, ...this.#tail].join('');
    const [at] = this.#tail[0]?.split(' ', 1) ?? [];
    return [...this.#head, `${at} S [${this.#omitted} lines left out]\n`, ...this.#tail].join('');
  }

  #keep(line: string): void {
    if (this.#tail.length === 0 && this.#head.length < HALF.lines && this.#headLength + line.length <= HALF.chars) {
      this.#head.push(line);
      this.#headLength += line.length;
      return;
    }
    this.#tail.push(line);
    this.#tailLength += line.length;
    // Each cut copies what is kept, so wait until there is twice as much.
    if (this.#tailLength > 2 * HALF.chars || this.#tail.length > 2 * HALF.lines) this.#cut();
  }

  #cut(): void {
    let cut = 0;
    for (const line of this.#tail) {
      if (this.#tailLength <= HALF.chars && this.#tail.length - cut <= HALF.lines) break;
      this.#tailLength -= line.length;
      cut += 1;
    }
    this.#omitted += cut;
    this.#tail = this.#tail.slice(cut);
  }
}

/** The lines of a transcript's text. */
export function linesOf(text: string): SessionLine[] {
  return text.split('\n').slice(0, -1).map(lineOf);
}

function lineOf(line: string): SessionLine {
  const [, at = '0', side = 'C', text = ''] = /^(\d+) ([CS]) (.*)$/s.exec(line) ?? [];
  return { at: Number(at), from: SIDES[side === 'S' ? 'S' : 'C'], text };
}
