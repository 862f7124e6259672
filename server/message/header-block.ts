/** No more of a header block than this is read: 256 KiB, in octets. Real ones have some kilobytes. */
export const MAX_HEADER_OCTETS = 262_144;

/** Nor more fields: each is an object that is sent from thread to thread. Real blocks have some dozens. */
const MAX_FIELDS = 1000;

/** A header field as it stands in the mail (RFC 5322 §2.2), unfolded. One char per octet: nothing is decoded yet. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

export interface HeaderBlock {
  readonly fields: readonly Field[];
  /** Where the body starts, in octets. */
  readonly bodyAt: number;
  /** True when the block has more octets or fields than are read: those behind are missing. */
  readonly cut: boolean;
}

/**
 * A name is printable ASCII without a colon (RFC 5322 §3.6.8); blanks before the colon are the obsolete form (§4.5).
 */
const FIELD = /^([!-9;-~]+)[ \t]*:/;

/** Nearly every block ends within this, so that a look at it costs what is read and not the mail's size. In octets. */
const FIRST_LOOK = 8192;

/**
 * Splits the header block off a mail and unfolds its fields.
 *
 * Lines may end in CRLF or LF alone; in a mail without any LF, CR ends them. The block ends at the first
 * empty line, or, where that is missing, at the first line that can't be a field, as MTAs do it. An mbox
 * separator in front is passed over.
 */
export function headerBlock(raw: Buffer): HeaderBlock {
  for (const octets of [FIRST_LOOK, MAX_HEADER_OCTETS]) {
    // latin1 keeps one char per octet, so that positions are octets and undeclared 8-bit text can be told apart later.
    const text = raw.toString('latin1', 0, octets);
    const { fields, more, bodyAt } = readFields(text, raw.length <= octets);
    if (bodyAt !== null) return { fields, bodyAt, cut: more };
    // The empty line may stand across the edge.
    if (octets === MAX_HEADER_OCTETS) return { fields, bodyAt: afterEmptyLine(raw, octets - 2), cut: true };
  }
  return { fields: [], bodyAt: 0, cut: false };
}

/**
 * @param complete whether the mail ends where the text does
 * @returns `bodyAt` null when the block goes on behind the text; `more` whether it has more fields than are read
 */
function readFields(text: string, complete: boolean) {
  const fields: Field[] = [];
  let more = false;
  const upTo = (bodyAt: number | null) => ({ fields, more, bodyAt });
  const lineEnd = text.includes('\n') ? '\n' : '\r';
  if (lineEnd === '\r' && !complete) return upTo(null);
  let name = '';
  let lines: string[] = [];
  const finish = () => {
    if (name !== '' && fields.length === MAX_FIELDS) more = true;
    else if (name !== '') fields.push({ name, value: trimBlanks(lines.join('')) });
    name = '';
  };

  let at = 0;
  while (at < text.length) {
    const found = text.indexOf(lineEnd, at);
    if (found === -1 && !complete) break;
    const end = found === -1 ? text.length : found;
    const next = Math.min(end + 1, text.length);
    const line = text.slice(at, end > at && text.charAt(end - 1) === '\r' ? end - 1 : end);
    if (line === '') {
      finish();
      return upTo(next);
    }
    if (name !== '' && (line.startsWith(' ') || line.startsWith('\t'))) {
      // Unfolding takes away the line end and leaves the white space (RFC 5322 §2.2.3).
      lines.push(line);
    } else {
      finish();
      const field = FIELD.exec(line);
      if (field?.[1] !== undefined) {
        name = field[1];
        lines = [line.slice(field[0].length)];
      } else if (at > 0 || !/^>?From /.test(line)) {
        return upTo(at);
      }
    }
    at = next;
  }
  finish();
  return upTo(complete ? text.length : null);
}

/** Not `trim`: with one char per octet, the last octet of an à would be a no-break space to it. */
export function trimBlanks(latin1: string): string {
  let from = 0;
  let to = latin1.length;
  while (from < to && BLANKS.includes(latin1.charAt(from))) from++;
  while (to > from && BLANKS.includes(latin1.charAt(to - 1))) to--;
  return latin1.slice(from, to);
}

const BLANKS = ' \t\r\n';
const LF = 0x0a;
const CR = 0x0d;

/** The octet behind the first empty line from `at` on, or the mail's end. */
function afterEmptyLine(raw: Buffer, at: number): number {
  for (let lf = raw.indexOf(LF, at); lf !== -1; lf = raw.indexOf(LF, lf + 1)) {
    if (raw[lf + 1] === LF) return lf + 2;
    if (raw[lf + 1] === CR && raw[lf + 2] === LF) return lf + 3;
  }
  return raw.length;
}
