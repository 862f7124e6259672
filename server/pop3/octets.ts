/**
 * A mail on the wire. POP3 lines end with CRLF (RFC 1939 §3), so a bare LF is sent as CRLF and a last line without a
 * line end gets one; everything else is sent unchanged. Bare LFs can't stay: some clients treat them as the end of a
 * line and undo byte-stuffing there, some don't.
 *
 * A mail may consist of nothing but line ends and dots, so all of this processes it octet by octet, in blocks: a block
 * costs the same whatever is in it, and others can have a turn after each.
 */
const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;
const CRLF = Buffer.from('\r\n');

/** Octets of a mail processed at a time. */
const BLOCK = 32 * 1024;

/** How many octets RETR sends for a mail, before byte-stuffing (RFC 1939 §11). Yields after each block. */
export function* wireSize(raw: Buffer): Generator<void, number, undefined> {
  let size = raw.length;
  let before = 0;
  for (let at = 0; at < raw.length; ) {
    for (const end = Math.min(at + BLOCK, raw.length); at < end; at++) {
      const octet = raw[at] ?? 0;
      if (octet === LF && before !== CR) size++;
      before = octet;
    }
    if (at < raw.length) yield;
  }
  return raw.length > 0 && before !== LF ? size + CRLF.length : size;
}

/** A byte-stuffed mail (RFC 1939 §3), in blocks; where nothing changes they are slices of the mail itself. */
export function* stuffed(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += BLOCK) yield stuffedBlock(raw, at, Math.min(at + BLOCK, raw.length));
  if (raw.length > 0 && raw.at(-1) !== LF) yield CRLF;
}

function stuffedBlock(raw: Buffer, from: number, to: number): Buffer {
  // The beginning of a mail is the beginning of a line.
  const start = from === 0 ? LF : (raw[from - 1] ?? 0);
  let before = start;
  let same = from;
  for (; same < to; same++) {
    const octet = raw[same] ?? 0;
    if ((octet === LF && before !== CR) || (octet === DOT && before === LF)) break;
    before = octet;
  }
  if (same === to) return raw.subarray(from, to);
  // Each octet gets at most one more.
  const block = Buffer.allocUnsafe(same - from + 2 * (to - same));
  let size = raw.copy(block, 0, from, same);
  for (let at = same; at < to; at++) {
    const octet = raw[at] ?? 0;
    if (octet === LF && before !== CR) block[size++] = CR;
    if (octet === DOT && before === LF) block[size++] = DOT;
    block[size++] = octet;
    before = octet;
  }
  return block.subarray(0, size);
}

/** The header, the empty line after it, and up to `lines` lines of the body (RFC 1939 §7). Yields after each block. */
export function* top(raw: Buffer, lines: number): Generator<void, Buffer, undefined> {
  let left = lines;
  let inHeader = true;
  let lineStart = 0;
  for (let at = 0; at < raw.length; ) {
    for (const end = Math.min(at + BLOCK, raw.length); at < end; at++) {
      if (raw[at] !== LF) continue;
      const empty = at === lineStart || (at === lineStart + 1 && raw[lineStart] === CR);
      lineStart = at + 1;
      if (!inHeader) left--;
      else if (empty) inHeader = false;
      if (!inHeader && left <= 0) return raw.subarray(0, lineStart);
    }
    if (at < raw.length) yield;
  }
  return raw;
}
