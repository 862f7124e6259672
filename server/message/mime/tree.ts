import { type HeaderBlock, headerBlock, partHeaderBlock } from '../headers/header-block.ts';
import { Delimiters, trimEnd } from './delimiters.ts';
import { type PartHeader, partHeader } from './part-header.ts';

/** Most parts read, and most parts read in mails within the mail. */
export const MAX_PARTS = 1000;

/** Deeper nesting is not opened. Real mails nest about four levels, bounces of forwarded ones a few more. */
const MAX_DEPTH = 100;

/** A place where the structure is broken and was guessed, or was not read. */
export type StructureFault =
  | 'header-cut'
  | 'header-late'
  | 'header-abrupt'
  | 'header-damaged'
  | 'too-many-parameters'
  | 'torn-parameter'
  | 'no-boundary'
  | 'boundary-not-found'
  | 'no-final-boundary'
  | 'ended-from-outside'
  | 'parts-after-the-end'
  | 'encoded-multipart'
  | 'too-deep'
  | 'too-many-parts'
  | 'too-many-inner-parts';

/** A part of a mail (RFC 2046); the mail itself is the root part. Positions are octet offsets in the raw mail. */
export interface Part {
  readonly parent: Part | null;
  /** Its IMAP part number (RFC 3501 §6.4.5), like `1.2`; `TEXT` for a multipart that is the body of a mail. */
  readonly path: string;
  readonly header: PartHeader;
  readonly headerAt: number;
  readonly bodyAt: number;
  /** Where the body ends; the line break before a boundary belongs to the boundary (RFC 2046 §5.1.1). */
  readonly end: number;
  /** The parts of a multipart; for a mail within the mail, its one body. */
  readonly children: readonly Part[];
  readonly faults: readonly StructureFault[];
  /** Whether it belongs to a mail within the mail. */
  readonly inner: boolean;
}

/**
 * Finds the parts of any mail: never throws, takes linear time, copies nothing.
 *
 * A boundary of an outer multipart ends everything open inside it, closed or not (RFC 2046 §5.1.2).
 */
export function mimeTree(raw: Buffer): Part {
  return new Walk(raw).root();
}

type Growing = { -readonly [Key in keyof Part]: Part[Key] } & {
  readonly children: Growing[];
  readonly faults: StructureFault[];
};

/** A part whose end has not been found yet. */
interface Open {
  readonly part: Growing;
  /** Null for a part that is not opened itself. */
  readonly boundary: string | null;
  /** True after the final boundary. */
  closed: boolean;
}

class Walk {
  readonly #raw: Buffer;
  /** From the mail down to the part that is being read. */
  readonly #open: Open[] = [];
  readonly #delimiters: Delimiters<Open>;
  #parts = 0;
  #innerParts = 0;

  constructor(raw: Buffer) {
    this.#raw = raw;
    this.#delimiters = new Delimiters(raw);
  }

  root(): Part {
    const root = this.#newPart(null, 0, headerBlock(this.#raw), 'text/plain');
    let at = this.#enter(root);
    for (let found = this.#delimiters.next(at); found; found = this.#delimiters.next(at)) {
      const { owner } = found;
      at = found.next;
      if (owner.closed) {
        if (!found.final) addFault(owner.part, 'parts-after-the-end');
        continue;
      }
      const end = this.#beforeLineBreak(found.at);
      this.#close(owner, end);
      if (found.final) {
        owner.closed = true;
        this.#delimiters.finish(owner);
        continue;
      }
      // The line break before a boundary belongs to it (RFC 2046 §5.1.1), so two such lines in a row have no part
      // between.
      if (this.#delimiters.startsAt(at)) continue;
      if (this.#parts === MAX_PARTS && !owner.part.inner) {
        addFault(root, 'too-many-parts');
        for (const open of this.#open) open.closed = true;
        this.#close(null, end);
        return root;
      }
      at = this.#openPart(owner.part, at);
    }
    this.#close(null, this.#raw.length);
    return root;
  }

  #newPart(parent: Growing | null, headerAt: number, block: HeaderBlock, defaultType: string): Growing {
    const { fields, bodyAt } = block;
    let damaged = false;
    const header = partHeader(fields, defaultType, () => {
      damaged = true;
    });
    const part: Growing = {
      parent,
      path: pathOf(parent, header.contentType.startsWith('multipart/')),
      header,
      headerAt,
      bodyAt: headerAt + bodyAt,
      end: headerAt + bodyAt,
      children: [],
      faults: [],
      inner: parent !== null && (parent.inner || !isMultipart(parent)),
    };
    parent?.children.push(part);
    if (block.cut) part.faults.push('header-cut');
    if (block.late) part.faults.push('header-late');
    if (block.abrupt) part.faults.push('header-abrupt');
    if (header.cut) part.faults.push('too-many-parameters');
    if (header.torn) part.faults.push('torn-parameter');
    if (damaged) part.faults.push('header-damaged');
    if (part.inner) this.#innerParts++;
    else this.#parts++;
    return part;
  }

  /** @returns where to go on reading */
  #openPart(parent: Growing, at: number): number {
    if (parent.inner && this.#innerParts >= MAX_PARTS) return this.#leaveInner(at);
    const block = partHeaderBlock(this.#raw.subarray(at), (line) => this.#delimiters.isOne(line));
    const inDigest = parent.header.contentType === 'multipart/digest';
    return this.#enter(this.#newPart(parent, at, block, inDigest ? 'message/rfc822' : 'text/plain'));
  }

  /** Opens a part, and the mails that begin with it. */
  #enter(entered: Growing): number {
    let part = entered;
    while (isOpenMail(part) && this.#innerParts < MAX_PARTS && this.#mayOpen(part)) {
      this.#open.push({ part, boundary: null, closed: false });
      const block = headerBlock(this.#raw.subarray(part.bodyAt), (line) => this.#delimiters.isOne(line));
      part = this.#newPart(part, part.bodyAt, block, 'text/plain');
    }
    const boundary = this.#boundaryOf(part);
    const open: Open = { part, boundary, closed: false };
    this.#open.push(open);
    if (boundary !== null) this.#delimiters.add(boundary, open);
    return part.bodyAt;
  }

  #mayOpen(part: Growing): boolean {
    if (this.#open.length < MAX_DEPTH) return true;
    addFault(part, 'too-deep');
    return false;
  }

  /** Null for a part that isn't a multipart, or can't be opened. */
  #boundaryOf(part: Growing): string | null {
    const { contentType, parameters, encoding } = part.header;
    if (!contentType.startsWith('multipart/')) return null;
    // It may not end in white space (RFC 2046 §5.1.1).
    const boundary = trimEnd(parameters.get('boundary')?.octets ?? '');
    if (boundary === '') {
      part.faults.push('no-boundary');
      return null;
    }
    if (!IDENTITY.has(encoding)) part.faults.push('encoded-multipart');
    return this.#mayOpen(part) ? boundary : null;
  }

  /** Treats the outermost mail within the mail as if it had not been opened. */
  #leaveInner(at: number): number {
    const mail = this.#open.find(({ part }) => isOpenMail(part));
    if (mail) {
      addFault(mail.part, 'too-many-inner-parts');
      for (const open of this.#open) if (open.part.inner) open.closed = true;
      this.#close(mail, at);
    }
    return at;
  }

  /** Ends everything open inside `owner`; everything if it is null. */
  #close(owner: Open | null, at: number): void {
    let end = at;
    for (let open = this.#open.at(-1); open && open !== owner; open = this.#open.at(-1)) {
      const { part, boundary, closed } = open;
      this.#open.pop();
      // An empty line that ends a header may also be the line break before the boundary: then it is within all of them.
      end = Math.max(part.bodyAt, end);
      part.end = end;
      if (boundary === null) continue;
      this.#delimiters.remove(open);
      if (part.children.length === 0) part.faults.push('boundary-not-found');
      else if (!closed) part.faults.push(owner ? 'ended-from-outside' : 'no-final-boundary');
    }
  }

  #beforeLineBreak(at: number): number {
    if (this.#raw[at - 1] !== LF) return this.#raw[at - 1] === CR ? at - 1 : at;
    return this.#raw[at - 2] === CR ? at - 2 : at - 1;
  }
}

const LF = 0x0a;
const CR = 0x0d;

/** The encodings that change nothing (RFC 2045 §6.2). */
export const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary']);

/** A mail within the mail (RFC 2046 §5.2.1, RFC 6532 §3.7). */
export function isMail({ contentType }: PartHeader): boolean {
  return contentType === 'message/rfc822' || contentType === 'message/global';
}

/** Whether it can be read where it is. */
function isOpenMail({ header }: Part): boolean {
  return isMail(header) && IDENTITY.has(header.encoding);
}

function isMultipart({ header }: Part): boolean {
  return header.contentType.startsWith('multipart/');
}

function addFault({ faults }: Growing, fault: StructureFault): void {
  if (!faults.includes(fault)) faults.push(fault);
}

function pathOf(parent: Part | null, multipart: boolean): string {
  if (parent === null) return multipart ? 'TEXT' : '1';
  if (!isMultipart(parent)) return `${parent.path}.${multipart ? 'TEXT' : '1'}`;
  // The parts of a body are numbered as if they were the mail's own.
  const prefix = parent.path.replace(/\.?TEXT$/, '');
  return `${prefix === '' ? '' : `${prefix}.`}${parent.children.length + 1}`;
}
