/**
 * A mail on the wire. POP3 is made of lines that end with CRLF (RFC 1939 §3), so a bare LF is sent as CRLF and
 * a last line without an end gets one; everything else goes out octet for octet. Leaving bare LFs alone is not
 * possible: some clients take them for the end of a line and undo the byte-stuffing there, some don't.
 */
const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;
const CRLF = Buffer.from('\r\n');
const EXTRA_DOT = Buffer.from('.');

/** How many octets RETR sends for a mail, before byte-stuffing (RFC 1939 §11). */
export function wireSize(raw: Buffer): number {
  let size = raw.length;
  for (let end = raw.indexOf(LF); end >= 0; end = raw.indexOf(LF, end + 1)) {
    if (raw[end - 1] !== CR) size++;
  }
  return raw.length > 0 && raw.at(-1) !== LF ? size + CRLF.length : size;
}

/** A mail byte-stuffed (RFC 1939 §3), in pieces that are parts of the mail itself wherever nothing changes. */
export function* stuffed(raw: Buffer): Generator<Buffer> {
  let given = 0;
  if (raw[0] === DOT) yield EXTRA_DOT;
  for (let end = nextChange(raw, 0); end >= 0; end = nextChange(raw, end + 1)) {
    const bare = raw[end - 1] !== CR;
    const until = bare ? end : end + 1;
    if (until > given) yield raw.subarray(given, until);
    if (bare) yield CRLF;
    if (raw[end + 1] === DOT) yield EXTRA_DOT;
    given = end + 1;
  }
  if (given < raw.length) yield raw.subarray(given);
  if (raw.length > 0 && raw.at(-1) !== LF) yield CRLF;
}

/** Where the next line ends that is not followed by the next as it stands: a bare LF, or one with a dot behind it. */
function nextChange(raw: Buffer, from: number): number {
  let end = raw.indexOf(LF, from);
  while (end >= 0 && raw[end - 1] === CR && raw[end + 1] !== DOT) end = raw.indexOf(LF, end + 1);
  return end;
}

/** The header, the blank line after it, and at most so many lines of the body (RFC 1939 §7). */
export function top(raw: Buffer, lines: number): Buffer {
  let at = 0;
  for (let blank = false; !blank; ) {
    const end = raw.indexOf(LF, at);
    if (end < 0) return raw;
    blank = end === at || (end === at + 1 && raw[at] === CR);
    at = end + 1;
  }
  for (let left = lines; left > 0; left--) {
    const end = raw.indexOf(LF, at);
    if (end < 0) return raw;
    at = end + 1;
  }
  return raw.subarray(0, at);
}
