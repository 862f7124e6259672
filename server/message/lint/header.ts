import { type Warning, warning } from '../../../wire/warning.ts';
import { parseDate } from '../headers/date.ts';
import type { HeaderBlock } from '../headers/header-block.ts';
import type { Part } from '../mime/tree.ts';

const WANTED = ['From', 'Date', 'Message-ID', 'Subject'];

/** Fields that may occur once (RFC 5322 §3.6, RFC 2045 §3 to §8). */
const ONCE: ReadonlySet<string> = new Set([
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'in-reply-to', 'references', 'subject', 'date'],
  ...['mime-version', 'content-type', 'content-transfer-encoding', 'content-id'],
]);

const LF = 0x0a;
const CR = 0x0d;

/** What is wrong with the header block. @param block as read from `raw` */
export function lintHeader(raw: Buffer, block: HeaderBlock): Warning[] {
  return [...lintFields(block), ...notAField(raw, block), ...injected(raw.toString('latin1', 0, block.bodyAt), '')];
}

/** Fields that may have been injected into the header of a part. Skips attached mails, which the app did not write. */
export function lintPartHeader(raw: Buffer, { parent, inner, path, headerAt, bodyAt }: Part): Warning[] {
  return parent === null || inner ? [] : injected(raw.toString('latin1', headerAt, bodyAt), ` of part ${path}`);
}

function lintFields({ fields, cut }: HeaderBlock): Warning[] {
  const counts = new Map<string, { readonly name: string; count: number }>();
  for (const { name } of fields) {
    const key = name.toLowerCase();
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { name, count: 1 });
  }
  const missing = cut ? [] : WANTED.filter((name) => !counts.has(name.toLowerCase()));
  const date = fields.find(({ name }) => name.toLowerCase() === 'date');
  return [
    ...missing.map((name) => warning('missing-field', `There is no ${name} field (RFC 5322 §3.6).`)),
    ...Array.from(counts.values())
      .filter(({ name, count }) => count > 1 && ONCE.has(name.toLowerCase()))
      .map(({ name, count }) =>
        warning('repeated-field', `There are ${count} ${name} fields; only one is allowed (RFC 5322 §3.6).`),
      ),
    ...(date && parseDate(date.value) === null
      ? [warning('bad-date', `The Date field is not a date: "${quoted(date.value)}" (RFC 5322 §3.3).`)]
      : []),
    ...(counts.has('bcc')
      ? [warning('bcc-field', 'There is a Bcc field: whoever reads this mail sees who got a blind copy.')]
      : []),
  ];
}

/** A header block that ends without an empty line ends at a line that can't be a field. */
function notAField(raw: Buffer, { bodyAt, cut }: HeaderBlock): Warning[] {
  if (cut || bodyAt >= raw.length || afterEmptyLine(raw, bodyAt)) return [];
  let line = 1;
  for (let at = raw.indexOf(LF); at !== -1 && at < bodyAt; at = raw.indexOf(LF, at + 1)) line++;
  const end = raw.indexOf(LF, bodyAt);
  const text = raw.toString('latin1', bodyAt, Math.min(end === -1 ? raw.length : end, bodyAt + 200));
  return [
    warning('not-a-field', `Line ${line}, "${quoted(text)}", is not a header field, so the header ends before it.`),
  ];
}

function afterEmptyLine(raw: Buffer, at: number): boolean {
  if (at === 0) return false;
  const end = raw[at - 1];
  // Without LFs, lines end in CR.
  if (end === CR) return at === 1 || raw[at - 2] === CR;
  const before = raw[at - 2] === CR ? at - 3 : at - 2;
  return before < 0 || raw[before] === LF;
}

/**
 * A field name after a line end that differs from the others: a bare CR, or a bare LF among CRLFs. It comes from a line
 * break that a user of the app put into a subject or a name.
 */
const FIELD_AFTER_CR = /\r(?!\n)[ \t]*([!-9;-~]+)[ \t]*:/g;
const FIELD_AFTER_LF = /(?<!\r)\n([!-9;-~]+)[ \t]*:/g;

/** @param where which header, with a leading space; empty for that of the mail */
function injected(header: string, where: string): Warning[] {
  if (!header.includes('\n')) return [];
  const names = [
    ...namesIn(header, FIELD_AFTER_CR),
    ...(header.includes('\r\n') ? namesIn(header, FIELD_AFTER_LF) : []),
  ];
  const [first, ...others] = names;
  if (first === undefined) return [];
  const name = quoted(first);
  const what = others.length === 0 ? `A field "${name}"` : `${names.length} fields, the first "${name}",`;
  return [warning('injected-field', `${what}${where} may have been injected: it follows a bare CR or LF, not a CRLF.`)];
}

function namesIn(header: string, pattern: RegExp): string[] {
  return Array.from(header.matchAll(pattern), ([, name = '']) => name);
}

function quoted(text: string): string {
  const line = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
