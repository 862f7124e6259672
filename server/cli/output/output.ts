import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { escaped } from '../../../wire/escaped.ts';

const STYLES = { bold: 1, dim: 2, red: 31, cyan: 36 } as const;

/** Where a verb writes: a terminal, a pipe or a file. */
export interface Output {
  /** Terminal columns; null if it is not a terminal. */
  readonly width: number | null;
  /** Adds colour, if the output shows colour. */
  paint(style: keyof typeof STYLES, text: string): string;
  /** Writes a line of our own. Resolves when there is room for more. */
  line(text: string): Promise<void>;
  /** Writes part of a mail. On a terminal, escapes whatever would act on it; a pipe or file gets it unchanged. */
  foreign(text: string | Uint8Array): Promise<void>;
}

const DEFAULT_COLUMNS = 80;

export function createOutput(stream: WriteStream, env: NodeJS.ProcessEnv): Output {
  // Set to anything but an empty string, it disables colour (https://no-color.org).
  const colour = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const write = async (text: string | Uint8Array) => {
    if (!stream.write(text)) await once(stream, 'drain');
  };
  return {
    width: stream.isTTY ? stream.columns || DEFAULT_COLUMNS : null,
    paint: (style, text) => (colour ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text),
    line: (text) => write(`${text}\n`),
    foreign: (text) => {
      if (!stream.isTTY) return write(text);
      return write(harmless(typeof text === 'string' ? text : Buffer.from(text).toString()));
    },
  };
}

/** JSON on one line, with anything that could act on a terminal escaped; the value is the same. */
export function jsonText(value: unknown): string {
  return escaped(JSON.stringify(value));
}

/** Keeps the lines and tabs of a text; escapes everything else that could act on a terminal. */
export function harmless(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(escaped).join('\t'))
    .join('\n');
}

/** If the reader of a pipe has seen enough, as `head` has, there is nothing left to do and nothing wrong. */
export function endQuietly(stdout: NodeJS.WriteStream): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
