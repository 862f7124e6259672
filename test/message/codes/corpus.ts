import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mail as sent by services, and its code. The format is described in README.md beside this file. */
export interface CodeMail {
  /** The file's name without `.txt`. */
  readonly language: string;
  readonly name: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** The code; null if there is none, or several. */
  readonly code: string | null;
  /** Every candidate, if the mail lists them. */
  readonly codes: readonly string[] | null;
  /** The URLs of all links, if the mail lists them. */
  readonly links: readonly string[] | null;
}

/** The mails of a folder beside this file, one language per file. */
export function readCorpus(folder: 'mails' | 'held-out'): readonly CodeMail[] {
  const at = join(import.meta.dirname, folder);
  return readdirSync(at).flatMap((file) =>
    readFileSync(join(at, file), 'utf8')
      .split(/^=== /m)
      .slice(1)
      .map((mail) => readMail(file, mail)),
  );
}

const FIELDS: ReadonlySet<string> = new Set(['code', 'codes', 'links', 'subject']);

function readMail(file: string, source: string): CodeMail {
  const [name = '', ...lines] = source.split('\n');
  const end = lines.indexOf('');
  const fields = new Map<string, string>();
  for (const line of lines.slice(0, end)) {
    const [, field = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (!FIELDS.has(field)) throw new Error(`${file}, "${name}": expected one of ${[...FIELDS]}, got "${line}"`);
    fields.set(field, value);
  }
  const code = fields.get('code');
  if (code === undefined) throw new Error(`${file}, "${name}": a mail needs "code: ..." or "code: none"`);
  const body = unescaped(lines.slice(end + 1).join('\n'));
  const [first = '', second = null] = body.split('--- html\n');
  const [text, html] = second === null && first.startsWith('<') ? [null, first] : [first, second];
  return {
    language: file.replace('.txt', ''),
    name,
    subject: fields.get('subject') ?? '',
    text,
    html,
    code: code === 'none' ? null : code,
    codes: list(fields.get('codes')),
    links: list(fields.get('links')),
  };
}

function list(value: string | undefined): readonly string[] | null {
  if (value === undefined) return null;
  return value === 'none' ? [] : value.split(' ');
}

/** Invisible characters are written as `\u{200b}`. */
function unescaped(text: string): string {
  return text.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
