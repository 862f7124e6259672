import type { SessionLine } from '../../wire/state.ts';

/** Chars kept of the beginning, and of the end, of a conversation. */
const HALF = 32 * 1024;
/** Chars kept of a line. */
const LONGEST = 1000;

const SIDES = { C: 'client', S: 'server' } as const;

/**
 * What both sides said, in bounded memory. It is written for every command of every session and rarely read, so it is
 * one text, which costs less than an object per line.
 */
export class Transcript {
  #head = '';
  #tail = '';
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

  /** For `linesOf`. */
  get text(): string {
    if (this.#omitted === 0) return this.#head + this.#tail;
    const at = this.#tail.slice(0, this.#tail.indexOf(' '));
    return `${this.#head}${at} S [${this.#omitted} lines left out]\n${this.#tail}`;
  }

  #keep(line: string): void {
    if (this.#tail === '' && this.#head.length + line.length <= HALF) {
      this.#head += line;
      return;
    }
    this.#tail += line;
    // Not at each line: cutting copies what is kept.
    if (this.#tail.length > 2 * HALF) this.#cut();
  }

  #cut(): void {
    const at = this.#tail.indexOf('\n', this.#tail.length - HALF) + 1;
    this.#omitted += this.#tail.slice(0, at).split('\n').length - 1;
    this.#tail = this.#tail.slice(at);
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
