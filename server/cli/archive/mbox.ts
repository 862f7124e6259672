import { MailstopError } from '../../../wire/errors.ts';

/**
 * Mails in one file (RFC 4155): each follows a line `From sender date` and is followed by an empty line. Lines in a
 * mail that look like a `From ` line are quoted with a `>`; two variants differ in how they treat lines that are
 * already quoted:
 *
 * - mboxrd: each of `From `, `>From `, `>>From `, ... gets one more. Nothing is lost.
 * - mboxo: only `From ` gets one, so `>From ` is ambiguous.
 *
 * Line ends are kept. A mail that does not end in one gets one: this is the only thing an mbox can't preserve.
 */
export type Quoting = 'mboxrd' | 'mboxo';

export interface MboxMail {
  /** Envelope sender, if the line has it; null if the headers must say. */
  readonly sender: string | null;
  /** Null if it exceeds the size limit. */
  readonly raw: Buffer | null;
}

/** A longer line is text, whatever it begins with; no more than this is kept of one. */
const LONGEST_LINE = 16 * 1024 * 1024;
const LF = 0x0a;
const GT = 0x3e;
const FROM = 'From ';
/** The longest ending needed to tell whether a line is empty: LF CR LF. */
const TAIL = 3;

/** Splits an mbox into mails, without I/O, keeping at most one of them in memory. */
export class MboxReader {
  readonly #quoting: Quoting;
  readonly #maxOctets: number;
  /** The beginning of an unfinished line, in pieces: joining them at each chunk would take quadratic time. */
  #rest: Buffer[] = [];
  #held = 0;
  /** Whether the next chunk continues a line that was too long to keep. */
  #withinLine = false;
  #parts: Buffer[] = [];
  #size = 0;
  #tail = '';
  /** Sender of the current mail; undefined before the first mail. */
  #sender: string | null | undefined;

  /** @param maxOctets nothing is kept of a larger mail */
  constructor(quoting: Quoting, maxOctets = Number.POSITIVE_INFINITY) {
    this.#quoting = quoting;
    this.#maxOctets = maxOctets;
  }

  /**
   * @returns the mails that end in this chunk
   * @throws {MailstopError} `unparsable` if it does not begin like an mbox
   */
  push(chunk: Buffer): MboxMail[] {
    const end = chunk.lastIndexOf(LF) + 1;
    this.#rest.push(chunk);
    this.#held += chunk.length;
    if (end === 0 && this.#held <= LONGEST_LINE) return [];
    const octets = Buffer.concat(this.#rest);
    const lines = end === 0 ? octets.length : octets.length - chunk.length + end;
    this.#rest = [octets.subarray(lines)];
    this.#held = octets.length - lines;
    return this.#lines(octets.subarray(0, lines));
  }

  /** @returns the last mails */
  end(): MboxMail[] {
    const mails = this.#held > 0 ? this.#lines(Buffer.concat(this.#rest)) : [];
    [this.#rest, this.#held] = [[], 0];
    return this.#sender === undefined ? mails : [...mails, this.#finish(this.#sender)];
  }

  /** @param block whole lines */
  #lines(block: Buffer): MboxMail[] {
    const mails: MboxMail[] = [];
    let taken = 0;
    for (let at = block.indexOf(FROM); at !== -1; at = block.indexOf(FROM, at + FROM.length)) {
      let line = at;
      while (line > taken && block[line - 1] === GT) line -= 1;
      if (line > 0 ? block[line - 1] !== LF : this.#withinLine) continue;
      if (line < at) {
        if (this.#quoting === 'mboxo' && at - line > 1) continue;
        this.#keep(block.subarray(taken, line));
        taken = line + 1;
        continue;
      }
      const end = block.indexOf(LF, at) + 1 || block.length;
      if (end - at > LONGEST_LINE) continue;
      const separator = block.toString('utf8', at, end);
      if (!this.#emptyBefore(block.subarray(taken, line))) continue;
      // Some programs quote nothing, so "From here on" may be text: a separator must contain a time.
      if (this.#sender !== undefined && !/\d:\d\d/.test(separator)) continue;
      this.#keep(block.subarray(taken, line));
      if (this.#sender !== undefined) mails.push(this.#finish(this.#sender));
      this.#sender = senderIn(separator);
      [this.#parts, this.#size, this.#tail] = [[], 0, ''];
      taken = end;
    }
    this.#keep(block.subarray(taken));
    this.#withinLine = block.at(-1) !== LF;
    return mails;
  }

  #keep(octets: Buffer): void {
    if (this.#sender === undefined) {
      if (octets.toString('latin1').trim() === '') return;
      const line = octets.toString('utf8', 0, 60).split(/\r?\n/)[0];
      throw new MailstopError('unparsable', `it is not an mbox: its first line must begin with "From ", got "${line}"`);
    }
    if (octets.length === 0) return;
    this.#size += octets.length;
    if (this.#size > this.#maxOctets) this.#parts = [];
    else this.#parts.push(octets);
    this.#tail = (this.#tail + octets.toString('latin1', Math.max(0, octets.length - TAIL))).slice(-TAIL);
  }

  /** Whether the line follows an empty line, or is the first. */
  #emptyBefore(octets: Buffer): boolean {
    const tail = (this.#tail + octets.toString('latin1', Math.max(0, octets.length - TAIL))).slice(-TAIL);
    return /^$|^\r?\n$|\n\r?\n$/.test(tail);
  }

  /** The empty line after a mail is not part of it. */
  #finish(sender: string | null): MboxMail {
    if (this.#size > this.#maxOctets) return { sender, raw: null };
    const raw = Buffer.concat(this.#parts);
    const [end = ''] = /(?:^|(?<=\n))\r?\n$/.exec(this.#tail) ?? [];
    return { sender, raw: raw.subarray(0, raw.length - end.length) };
  }
}

/** Programs that don't know the sender write MAILER-DAEMON or a hyphen. */
function senderIn(line: string): string | null {
  const [, sender = '-'] = /^From (\S{1,320})/.exec(line) ?? [];
  return sender === '-' || sender === 'MAILER-DAEMON' || /[<>\p{Cc}]/u.test(sender) ? null : sender;
}

/** Formats a mail for an mbox, quoted as mboxrd. */
export function toMbox(raw: Buffer, sender: string, receivedAt: Date): Buffer {
  const [, day, date, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(receivedAt.toUTCString()) ?? [];
  const from = sender.replaceAll(/[\s\p{Cc}]/gu, '_') || 'MAILER-DAEMON';
  const line = `From ${from} ${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}\n`;
  const end = raw.length === 0 || raw[raw.length - 1] === LF ? '\n' : '\n\n';
  return Buffer.concat([Buffer.from(line), quoted(raw), Buffer.from(end)]);
}

function quoted(raw: Buffer): Buffer {
  if (!raw.includes(FROM)) return raw;
  // Without the m flag, to which a lone CR would end a line too.
  return Buffer.from(raw.toString('latin1').replaceAll(/(^|\n)(>*From )/g, '$1>$2'), 'latin1');
}
