import { textOf } from './charset.ts';

/** A file embedded in a text, as before MIME; some programs still send this. */
export interface UuencodedFile {
  readonly filename: string;
  readonly octets: Buffer;
  /** Position of the block in the text, including line breaks. */
  readonly from: number;
  readonly to: number;
  /** False when unreadable lines were skipped, or the end is missing. */
  readonly wellFormed: boolean;
}

const BEGIN = /^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n/gm;

/**
 * The files in a text with one char per octet. Takes only flawless blocks: anything else is text that happens to begin
 * like one.
 */
export function* uuencodedFiles(latin1: string): Generator<UuencodedFile> {
  let end = 0;
  for (const begin of latin1.matchAll(BEGIN)) {
    const file = begin.index < end ? null : readFile(latin1, begin, 'strict');
    if (file === null) continue;
    end = file.to;
    yield file;
  }
}

/** The body of a part in x-uuencode: its first file, faults and all. Null when there is none. */
export function decodeUuencoded(latin1: string): UuencodedFile | null {
  const [begin] = latin1.matchAll(BEGIN);
  return begin ? readFile(latin1, begin, 'lenient') : null;
}

/** @returns null for a fault in strict mode */
function readFile(latin1: string, begin: RegExpExecArray, mode: 'strict' | 'lenient'): UuencodedFile | null {
  const [start, name = ''] = begin;
  const chunks: Buffer[] = [];
  const file = (to: number, wellFormed: boolean) => ({
    filename: textOf(name).trim(),
    octets: Buffer.concat(chunks),
    from: begin.index,
    to,
    wellFormed,
  });
  let skipped = false;
  for (let at = begin.index + start.length; at < latin1.length; ) {
    const { line, next } = lineAt(latin1, at);
    at = next;
    // A line of zero octets; its space may have been trimmed.
    if (line === '' || line === '`' || line === ' ') {
      const last = lineAt(latin1, at);
      if (last.line.trimEnd() === 'end') return file(last.next, !skipped);
    }
    const chunk = decodeLine(line);
    if (chunk) chunks.push(chunk);
    else if (mode === 'strict') return null;
    else skipped = true;
  }
  return mode === 'strict' ? null : file(latin1.length, false);
}

function lineAt(text: string, at: number): { readonly line: string; readonly next: number } {
  const lf = text.indexOf('\n', at);
  const end = lf === -1 ? text.length : lf;
  const line = text.slice(at, text.charAt(end - 1) === '\r' && end > at ? end - 1 : end);
  return { line, next: Math.min(end + 1, text.length) };
}

/**
 * The first char encodes the number of octets; then every four chars are three octets. Trailing spaces may have been
 * trimmed, and some programs add a checksum.
 */
function decodeLine(line: string): Buffer | null {
  const length = sixBits(line, 0);
  const groups = Math.ceil(length / 3);
  if (length === 0 || line.length > 1 + groups * 4 + 1 || !/^[ -`]+$/.test(line)) return null;
  const octets = Buffer.alloc(groups * 3);
  for (let group = 0; group < groups; group++) {
    const [a = 0, b = 0, c = 0, d = 0] = [1, 2, 3, 4].map((index) => sixBits(line, group * 4 + index));
    octets.writeUIntBE((a << 18) | (b << 12) | (c << 6) | d, group * 3, 3);
  }
  return octets.subarray(0, length);
}

function sixBits(line: string, at: number): number {
  return at < line.length ? (line.charCodeAt(at) - 0x20) & 0x3f : 0;
}
