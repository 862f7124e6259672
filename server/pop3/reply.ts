import type { Maildrop } from './session/maildrop.ts';
import type { Marks } from './session/marks.ts';
import type { ResponseCode } from './session/state.ts';

const END = Buffer.from('.\r\n');
/** Longer replies are sent in pieces of this many octets. */
export const CHUNK = 65_536;
const SCAN_LINES = 1000;

export function okLine(text: string): Buffer {
  return Buffer.from(`+OK ${text}\r\n`);
}

/** A response code, if any, is the first word (RFC 2449 §8). */
export function errLine(code: ResponseCode | null, text: string): Buffer {
  return Buffer.from(`-ERR ${code === null ? '' : `[${code}] `}${text}\r\n`);
}

/** A server challenge without data (RFC 5034 §4). */
export const emptyChallenge = Buffer.from('+ \r\n');

/**
 * A multi-line reply with its terminator (RFC 1939 §3), in as few chunks as possible. A reply that fits into one chunk
 * is sent in one write, because some clients miss a terminator that arrives in two.
 * @param pieces whole lines, byte-stuffed
 */
export function* multiLine(text: string, pieces: Iterable<Buffer>): Generator<Buffer> {
  let held: Buffer[] = [okLine(text)];
  let size = held[0]?.length ?? 0;
  for (const piece of pieces) {
    let rest = piece;
    // Keep the last line end with the terminator: the same clients look for CRLF.CRLF in one piece.
    while (size + rest.length >= CHUNK + 2) {
      const part = rest.subarray(0, Math.max(0, CHUNK - size));
      // A chunk that is a part of a single piece is not copied.
      yield held.length === 0 ? part : Buffer.concat([...held, part]);
      rest = rest.subarray(part.length);
      held = [];
      size = 0;
    }
    if (rest.length > 0) held.push(rest);
    size += rest.length;
  }
  yield Buffer.concat([...held, END]);
}

/** Lines that never begin with a dot. */
export function* plainLines(lines: readonly string[]): Generator<Buffer> {
  yield Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
}

/** The lines of LIST or UIDL, generated on demand. */
export function* scanLines(what: 'sizes' | 'ids', { ids, sizes }: Maildrop, deleted: Marks): Generator<Buffer> {
  const column: ArrayLike<string | number> = what === 'sizes' ? sizes : ids;
  for (let from = 1; from <= ids.length; from += SCAN_LINES) {
    let lines = '';
    for (let number = from; number < from + SCAN_LINES && number <= ids.length; number++) {
      if (!deleted.has(number)) lines += `${number} ${column[number - 1]}\r\n`;
    }
    yield Buffer.from(lines, 'latin1');
  }
}
