import { reasonOf } from '../../wire/errors.ts';
import { decodeCharset, guessText, isDamaged, isUtf7 } from './mime/charset.ts';
import { unflowed } from './mime/flowed.ts';
import { nameOf } from './mime/part-name.ts';
import { invalidOctets, Problems, problemOf, unknownCharset } from './mime/problems.ts';
import { readLeaf } from './mime/read-leaf.ts';
import { type ShownAs, shownAs } from './mime/shown-as.ts';
import { everyPart, type Reading, structureOf } from './mime/structure.ts';
import { MAX_PARTS, mimeTree, type Part } from './mime/tree.ts';
import { type UuencodedFile, uuencodedFiles } from './mime/uuencode.ts';
import { assemble, type FilePart, MAX_TEXT, type MailParts, type ParsedMail } from './parsed-mail.ts';
import { allSteps, type Begin } from './steps.ts';

/**
 * Parses a whole mail. Takes time proportional to its size, so run it in a worker thread.
 * Doesn't throw on a broken mail: it returns what it could read and describes the rest in `problem`.
 *
 * @param begin called before each part; parts that it declines are left out
 */
export async function parseContent(raw: Buffer, begin: Begin = allSteps): Promise<ParsedMail> {
  const root = mimeTree(raw);
  const parts = [...everyPart(root)];
  const reader = new Reader(raw, MAX_PARTS - parts.filter(({ inner }) => !inner).length);
  for (const part of parts) {
    for (const fault of part.faults) reader.problems.add(part, problemOf(fault));
    const as = part.inner ? null : shownAs(part);
    if (as !== null && begin(`part ${part.path}`)) await reader.read(part, as);
  }
  return assemble(raw, reader.parts(root), begin);
}

/** Decodes part by part and sorts the results into texts, HTML and files. */
class Reader {
  readonly problems = new Problems();
  readonly #raw: Buffer;
  /** How many more files may be extracted from texts. */
  #room: number;
  readonly #texts: string[] = [];
  readonly #htmls: string[] = [];
  readonly #files: FilePart[] = [];
  readonly #readings = new Map<Part, Reading>();

  constructor(raw: Buffer, room: number) {
    this.#raw = raw;
    this.#room = room;
  }

  async read(part: Part, as: ShownAs): Promise<void> {
    const { octets, filename, faults } = await this.#leaf(part);
    for (const fault of faults) this.problems.add(part, problemOf(fault));
    const asFile = filename !== null || as === 'attachment';
    const name = asFile ? (part.header.filename ?? filename ?? nameOf(part.header, octets)) : null;
    this.#readings.set(part, {
      shownAs: asFile ? 'attachment' : as,
      attachment: asFile ? this.#files.length : null,
      filename: name,
      octets: octets.length,
    });
    if (asFile) this.#files.push(filePart(part, name, octets));
    else if (as === 'html') this.#htmls.push(this.#text(part, octets, 'HTML'));
    else this.#readText(part, octets);
  }

  parts(root: Part): MailParts {
    return {
      texts: this.#texts,
      htmls: this.#htmls,
      files: this.#files,
      root,
      structure: structureOf(root, this.#readings, this.problems),
      problems: this.problems.sentences(),
    };
  }

  async #leaf(part: Part) {
    try {
      return await readLeaf(this.#raw, part);
    } catch (error) {
      this.problems.add(part, `it could not be decoded: ${reasonOf(error)}.`);
      return { octets: this.#raw.subarray(part.bodyAt, part.end), filename: null, faults: [] };
    }
  }

  /** Extracts uuencoded files from the text. */
  #readText(part: Part, octets: Buffer): void {
    const isBroken = part.header.contentType.startsWith('multipart/');
    if (isBroken && !octets.some((octet) => octet > 0x20)) return;
    const mayHaveFiles = part.header.contentType === 'text/plain' && octets.includes('begin ');
    const latin1 = mayHaveFiles ? octets.toString('latin1') : '';
    const files = this.#filesIn(part, latin1);
    for (const file of files) this.#files.push(filePart(part, file.filename, file.octets, 'application/octet-stream'));
    const texts = files.map(({ from }, index) => latin1.slice(files[index - 1]?.to ?? 0, from));
    const rest =
      files.length === 0 ? octets : Buffer.from([...texts, latin1.slice(files.at(-1)?.to)].join(''), 'latin1');
    this.#texts.push(this.#text(part, rest, 'text'));
  }

  #filesIn(part: Part, latin1: string): readonly UuencodedFile[] {
    const files: UuencodedFile[] = [];
    for (const file of uuencodedFiles(latin1)) {
      if (this.#room <= 0) {
        this.problems.add(part, problemOf('too-many-files'));
        break;
      }
      this.#room--;
      files.push(file);
    }
    return files;
  }

  #text(part: Part, octets: Buffer, what: 'text' | 'HTML'): string {
    const { contentType, parameters } = part.header;
    if (octets.length > MAX_TEXT) this.problems.add(part, `the ${what} is longer than 4 MiB and was cut there.`);
    const kept = octets.subarray(0, MAX_TEXT);
    const charset = parameters.get('charset')?.text ?? '';
    const guessed = what === 'HTML' && isUtf7(charset);
    const decoded = guessed ? guessText(kept) : decodeCharset(kept, charset);
    if (decoded === null) this.problems.add(part, unknownCharset(charset));
    else if (!guessed && isDamaged(kept, charset, decoded, kept.length < octets.length))
      this.problems.add(part, invalidOctets(what, charset));
    const text = withLineFeeds(decoded ?? guessText(kept));
    const flowed = contentType === 'text/plain' && isSet(part, 'format', 'flowed');
    return flowed ? unflowed(text, isSet(part, 'delsp', 'yes')) : text;
  }
}

function isSet({ header }: Part, parameter: string, value: string): boolean {
  return header.parameters.get(parameter)?.text.toLowerCase() === value;
}

function withLineFeeds(text: string): string {
  if (!text.includes('\r')) return text;
  return text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\r', '\n');
}

function filePart(part: Part, filename: string | null, octets: Buffer, contentType?: string): FilePart {
  const { header, parent } = part;
  return {
    octets,
    filename,
    contentType: contentType ?? header.contentType,
    contentId: contentType === undefined ? header.contentId : null,
    related: header.disposition === 'inline' && parent?.header.contentType === 'multipart/related',
  };
}
