/** The most octets read of a header block: 256 KiB. Real ones have a few kilobytes. */
export const MAX_HEADER_OCTETS = 262_144;

/** The most fields read: each is an object that is sent between threads. Real blocks have a few dozen. */
const MAX_FIELDS = 1000;

/** A raw header field (RFC 5322 §2.2), unfolded. One char per octet: nothing is decoded yet. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

export interface HeaderBlock {
  readonly fields: readonly Field[];
  /** Where the body starts, in octets. */
  readonly bodyAt: number;
  /** True if the block has too many octets or fields; the rest is missing. */
  readonly cut: boolean;
  /** True if empty lines before the block were skipped. */
  readonly late: boolean;
  /** True if the body starts without an empty line, at a line that can't be a field. */
  readonly abrupt: boolean;
}

/** Whether a line ends the part, and so its header block. */
export type EndsPart = (line: string) => boolean;

/**
 * A name is printable ASCII without a colon (RFC 5322 §3.6.8); spaces before the colon are the obsolete form (§4.5).
 */
const FIELD = /^([!-9;-~]+)[ \t]*:/;

/** Nearly every block ends within this many octets, so the cost does not depend on the size of the mail. */
const FIRST_LOOK = 8192;

/**
 * Splits the header block off a mail and unfolds its fields.
 *
 * Lines may end in CRLF or LF alone; in a mail without any LF, CR ends them. The block ends at the first empty line or,
 * without one, at the first line that can't be a field, as in most MTAs. An mbox separator and empty lines before the
 * block are skipped.
 */
export function headerBlock(raw: Buffer, endsPart: EndsPart = () => false): HeaderBlock {
  const from = emptyLines(raw);
  if (from === 0) return blockOf(raw, MBOX_SEPARATOR, endsPart);
  const block = blockOf(raw.subarray(from), MBOX_SEPARATOR, endsPart);
  if (block.abrupt || !block.fields.some(({ name }) => COMMON.test(name))) return blockOf(raw, null, endsPart);
  const { fields, cut, abrupt } = block;
  return {
    fields,
    cut,
    abrupt,
    late: true,
    get bodyAt() {
      return from + block.bodyAt;
    },
  };
}

/** The same for a part of a multipart, where a boundary may come before the empty line. */
export function partHeaderBlock(raw: Buffer, endsPart: EndsPart): HeaderBlock {
  return blockOf(raw, null, endsPart);
}

const MBOX_SEPARATOR = /^>?From /;

/** After empty lines, one of these fields shows that a header block follows, and not a text like `Note: ...`. */
const COMMON = /^(?:received|return-path|from|to|cc|subject|date|message-id|mime-version|content-type)$/i;

function blockOf(raw: Buffer, separator: RegExp | null, endsPart: EndsPart): HeaderBlock {
  // A substring keeps the whole string in memory, so don't decode much more than the block.
  for (let octets = FIRST_LOOK; ; octets = Math.min(4 * octets, MAX_HEADER_OCTETS)) {
    // latin1 keeps one char per octet, so that positions are octets and undeclared 8-bit text can be told apart later.
    const text = raw.toString('latin1', 0, octets);
    const { bodyAt, ...found } = readFields(text, raw.length <= octets, separator, endsPart);
    if (bodyAt !== null) return { ...found, bodyAt, late: false };
    // The empty line may be cut at the limit.
    if (octets === MAX_HEADER_OCTETS) {
      return {
        ...found,
        cut: true,
        late: false,
        // Computed on demand: it is linear in the size of the mail, and the main thread needs only the fields.
        get bodyAt() {
          return afterEmptyLine(raw, octets - 2);
        },
      };
    }
  }
}

/** How many octets of line ends the mail begins with; bounded to a few lines. */
function emptyLines(raw: Buffer): number {
  let at = 0;
  while (at < 100 && (raw[at] === CR || raw[at] === LF)) at++;
  return at;
}

/**
 * @param complete whether the text is the whole mail
 * @returns `bodyAt` is null if the block continues after the text
 */
function readFields(text: string, complete: boolean, separator: RegExp | null, endsPart: EndsPart) {
  const fields: Field[] = [];
  let cut = false;
  const upTo = (bodyAt: number | null, abrupt = false) => ({ fields, cut, bodyAt, abrupt });
  const lineEnd = text.includes('\n') ? '\n' : '\r';
  if (lineEnd === '\r' && !complete) return upTo(null);
  let name = '';
  let lines: string[] = [];
  const finish = () => {
    if (name !== '' && fields.length === MAX_FIELDS) cut = true;
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
    if (line.startsWith('--') && endsPart(line)) {
      finish();
      return upTo(at);
    }
    if (name !== '' && (line.startsWith(' ') || line.startsWith('\t'))) {
      // Unfolding removes the line end and keeps the white space (RFC 5322 §2.2.3).
      lines.push(line);
    } else {
      finish();
      const field = FIELD.exec(line);
      if (field?.[1] !== undefined) {
        name = field[1];
        lines = [line.slice(field[0].length)];
      } else if (at > 0 || !separator?.test(line)) {
        return upTo(at, true);
      }
    }
    at = next;
  }
  finish();
  return upTo(complete ? text.length : null);
}

/** Unlike `trim`, keeps the last octet of an à, which is a no-break space as a char. */
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

/** Position after the first empty line from `at` on, or the end of the mail. */
function afterEmptyLine(raw: Buffer, at: number): number {
  for (let lf = raw.indexOf(LF, at); lf !== -1; lf = raw.indexOf(LF, lf + 1)) {
    if (raw[lf + 1] === LF) return lf + 2;
    if (raw[lf + 1] === CR && raw[lf + 2] === LF) return lf + 3;
  }
  return raw.length;
}
