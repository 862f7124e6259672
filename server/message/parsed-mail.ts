import { extract } from './extract.ts';
import { HeaderLimit } from './headers/encoded-word.ts';
import { cidsOf } from './html/cid.ts';
import { textOfHtml } from './html/text.ts';
import { lint } from './lint/lint.ts';
import type { Attachment, Content, MimePart } from './message.ts';
import { oneLine } from './mime/charset.ts';
import { capitalized, problemOf } from './mime/problems.ts';
import type { Part } from './mime/tree.ts';
import { foldWhiteSpace, previewOf } from './preview.ts';
import { allSteps, type Begin } from './steps.ts';
import { addressLimit, decodedHeaders, readHeaders } from './summary.ts';
import { nothing } from './unparsed.ts';

/** Longest text and longest HTML kept, in chars: 4 MiB. */
export const MAX_TEXT = 4_194_304;

/** Longest text that is searchable, in chars; the code finder reads as much of each source. */
const MAX_SEARCHED = 262_144;
const NOT_SEARCHED = 'The mail has more than 262,144 characters of text; the rest of it is not searched';
const TOO_MANY_WARNINGS = 'The mail has more than 50 warnings; the rest are not listed.';

/** The decoded parts of a mail, before deciding how they are shown. */
export interface MailParts {
  readonly texts: string[];
  readonly htmls: string[];
  readonly files: FilePart[];
  readonly root: Part;
  readonly structure: MimePart;
  /** Sentences. */
  readonly problems: string[];
}

export interface FilePart {
  readonly octets: Buffer;
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  /** Says `inline` and is next to an HTML that may show it. */
  readonly related: boolean;
}

/** A mail's content with the decoded octets of its parts; `parts[n]` are those of `content.attachments[n]`. */
export interface ParsedMail {
  readonly content: Content;
  readonly parts: readonly Buffer[];
}

/** The same sentence as the one about the fields that say what the mail is made of. */
const HEADER_DAMAGED = capitalized(problemOf('header-damaged'));

export function assemble(
  raw: Buffer,
  { texts, htmls, files, root, structure, problems }: MailParts,
  begin: Begin = allSteps,
): ParsedMail {
  const text = joined(texts);
  const html = joined(htmls);
  const plain = text === null ? '' : foldWhiteSpace(text.slice(0, MAX_SEARCHED));
  const readable = html !== null && begin('the text of its HTML');
  // Take one more than is searched, to detect that there is more.
  const shown = !readable ? '' : textOfHtml(html.slice(0, MAX_TEXT), MAX_SEARCHED + 1);
  const seen = foldWhiteSpace(shown.slice(0, MAX_SEARCHED));
  const searchText = `${plain} ${seen}`.trim();
  const cids = !readable ? new Set<string>() : cidsOf(html);
  const sentences = [...problems];
  const add = (sentence: string) => {
    if (!sentences.includes(sentence)) sentences.push(sentence);
  };
  for (const [what, value] of [
    ['text', text],
    ['HTML', html],
  ] as const) {
    if (value !== null && value.length > MAX_TEXT) add(`The ${what} is longer than 4 MiB and was cut there.`);
  }
  const isLong = (text?.length ?? 0) > MAX_SEARCHED || shown.length > MAX_SEARCHED;
  if (isLong) add(`${NOT_SEARCHED}, and one-time codes are not looked for in it.`);
  else if (searchText.length > MAX_SEARCHED) add(`${NOT_SEARCHED}.`);
  const words = new HeaderLimit();
  const headers = decodedHeaders(raw, words, () => add(HEADER_DAMAGED));
  const addresses = addressLimit();
  readHeaders(raw, addresses);
  for (const sentence of [...words.problems, ...addresses.problems]) add(sentence);
  const subject = headers.find(({ name }) => name.toLowerCase() === 'subject')?.value ?? null;
  const warnings = begin('its warnings') ? lint(raw, root, () => add(TOO_MANY_WARNINGS)) : [];
  const extracts = begin('its links and codes')
    ? extract({ subject, text: cut(text), html: cut(html), headers }, add)
    : nothing;
  const content: Content = {
    text: cut(text),
    html: cut(html),
    headers,
    attachments: files.map((file, index) => attachment(file, index, cids)),
    searchText: searchText.slice(0, MAX_SEARCHED),
    preview: previewOf(plain) || previewOf(seen),
    warnings,
    ...extracts,
    structure,
    problem: sentences.join(' ') || null,
  };
  return { content, parts: files.map(({ octets }) => octets) };
}

/** Several bodies of one kind are concatenated. */
function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join('\n');
}

function cut(text: string | null): string | null {
  // Not between the halves of a surrogate pair.
  return text === null || text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '');
}

const CONTENT_TYPE = /^[\w.+-]{1,127}\/[\w.+-]{1,127}$/;

function attachment(file: FilePart, index: number, cids: ReadonlySet<string>): Attachment {
  const contentType = file.contentType.toLowerCase();
  const contentId = oneLine(file.contentId ?? '') || null;
  const shown = contentId !== null && cids.has(contentId);
  return {
    index,
    filename: oneLine(file.filename ?? '') || null,
    contentType: CONTENT_TYPE.test(contentType) ? contentType : 'application/octet-stream',
    size: file.octets.length,
    contentId,
    inline: shown || (file.related && contentType.startsWith('image/')),
  };
}
