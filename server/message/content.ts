import { PassThrough, Transform } from 'node:stream';
import { type AttachmentStream, MailParser, type MailParserOptions, type MessageText } from 'mailparser';
import { reasonOf } from '../errors.ts';
import { decodeCharset, guessText } from './charset.ts';
import { type Field, headerBlock, MAX_HEADER_OCTETS } from './header-block.ts';
import { assemble, type FilePart, MAX_TEXT, type MailParts, type ParsedMail } from './parsed-mail.ts';

/** More parts than this are not read. */
const MAX_PARTS = 1000;

/**
 * Parses a whole mail. That takes as long as the mail likes, so it belongs into a thread that can be ended.
 * A broken mail doesn't make it throw: it gives what could be read and tells the rest in `problem`.
 */
export async function parseContent(raw: Buffer): Promise<ParsedMail> {
  const block = headerBlock(raw);
  const body = raw.subarray(block.bodyAt);
  const parts = await readParts(block.fields, body);
  if (block.cut)
    parts.problems.push('The header block has more than 256 KiB or 1,000 fields; the rest of it was not read.');
  const nothingFound = parts.texts.length + parts.htmls.length + parts.files.length === 0;
  if (nothingFound && parts.problems.length === 0 && body.some((octet) => octet > 0x20)) {
    parts.texts.push(guessText(body.subarray(0, MAX_TEXT)));
    parts.problems.push('No parts were found in the body, so it is shown as it came.');
  }
  return assemble(raw, parts);
}

/** What mailparser hands to its splitter, beyond its own options. */
interface SplitterOptions {
  readonly maxHeadSize: number;
  readonly maxChildNodes: number;
  readonly ignoreEmbedded: boolean;
}

/**
 * Everything is off that makes up texts and links the mail doesn't hold; most of mailparser's worst cases are there,
 * too.
 */
const OPTIONS: MailParserOptions & SplitterOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  maxHeadSize: MAX_HEADER_OCTETS,
  // Here too many parts would be an error that loses them all; MAX_PARTS keeps those that were read.
  maxChildNodes: Number.POSITIVE_INFINITY,
  // A mail within the mail is a file, whatever its disposition.
  ignoreEmbedded: true,
};

/**
 * A part as mailparser keeps it. These names are its internals: the tests on UTF-7, charsets and named texts fail when
 * they change.
 */
interface Node {
  readonly contentType: string | false;
  readonly headers: AttachmentStream['headers'];
  readonly parent?: Node;
  readonly node: {
    readonly filename: string | false;
    readonly _parsedContentDisposition: false | { readonly params: Readonly<Record<string, string>> };
  };
  readonly textContent?: string;
  isAttachment?: boolean;
  charset?: string;
}

interface Internals {
  /** Set to stop reading. */
  hasFailed: boolean;
  decoder: { decodeStream(charset: string): Transform };
  createNode(part: unknown): Node;
  processHeaders(lines: readonly { readonly key: string }[]): Node['headers'];
}

async function readParts(fields: readonly Field[], body: Buffer): Promise<MailParts> {
  const parser = new MailParser(OPTIONS);
  const files: { attachment: AttachmentStream; chunks: Buffer[] }[] = [];
  const problems: string[] = [];
  let nodes: readonly Node[] = [];

  await new Promise<void>((resolve) => {
    nodes = watchNodes(parser as unknown as Internals, {
      tooManyParts: () => {
        problems.push('The mail has more than 1,000 parts; the rest of it was not read.');
        resolve();
      },
      tooLong: () => problems.push('A text part is longer than 4 MiB and was cut there.'),
    });
    parser.on('data', (data: AttachmentStream | MessageText) => {
      if (data.type !== 'attachment') return;
      const chunks: Buffer[] = [];
      files.push({ attachment: data, chunks });
      data.content.on('data', (chunk: Buffer) => chunks.push(chunk));
      data.content.on('end', () => data.release());
    });
    parser.on('end', resolve);
    parser.on('error', (error: unknown) => {
      problems.push(`Not all of the mail could be parsed: ${reasonOf(error)}.`);
      resolve();
    });
    parser.write(mimeHeader(fields));
    parser.end(body);
  });

  const ofType = (...types: string[]) =>
    nodes
      .filter(({ contentType, isAttachment }) => !isAttachment && contentType && types.includes(contentType))
      .flatMap(({ textContent }) => textContent ?? []);
  return {
    texts: ofType('text/plain', 'message/delivery-status'),
    htmls: ofType('text/html'),
    files: files.flatMap(({ attachment, chunks }) => {
      const node = nodes.find(({ headers }) => headers === attachment.headers);
      return node ? filePart(attachment, chunks, node) : [];
    }),
    problems,
  };
}

/**
 * The header fields that tell how the body is built. mailparser gets no others: it would parse addresses and
 * references, slowly, and we have read them already. Of repeated ones the first counts.
 */
function mimeHeader(fields: readonly Field[]): Buffer {
  const lines = new Map<string, string>();
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    if (key.startsWith('content-') && !lines.has(key))
      lines.set(key, `${key}: ${value.replace(/[\0\r\n]+/g, ' ')}\r\n`);
  }
  return Buffer.from(`${[...lines.values()].join('')}\r\n`, 'latin1');
}

/** What is called when a limit is met. */
interface Limits {
  tooManyParts(): void;
  tooLong(): void;
}

/** Collects the parts as they are found, and takes the decoding of their texts over from mailparser. */
function watchNodes(parser: Internals, found: Limits): readonly Node[] {
  const nodes: Node[] = [];
  const createNode = parser.createNode.bind(parser);
  parser.createNode = (part) => {
    const node = createNode(part);
    if (nodes.length === MAX_PARTS) {
      parser.hasFailed = true;
      found.tooManyParts();
      return node;
    }
    nodes.push(node);
    if (isNamedText(node)) node.isAttachment = true;
    // Any charset but ASCII and UTF-8 goes through the decoder; the prefix makes these go there, too.
    node.charset = `${DECLARED}${node.charset ?? ''}`;
    return node;
  };
  const processHeaders = parser.processHeaders.bind(parser);
  parser.processHeaders = (lines) => processHeaders(lines.filter(({ key }) => key.startsWith('content-')));
  const { decoder } = parser;
  parser.decoder = {
    decodeStream: (declared) => {
      const charset = declared.slice(DECLARED.length);
      if (decodeCharset(Buffer.alloc(0), charset) !== null) return new TextDecoding(charset, found.tooLong);
      if (isUtf7(charset)) return new PassThrough();
      return decoder.decodeStream(charset);
    },
  };
  return nodes;
}

const DECLARED = 'declared:';

/** UTF-7 may decode to markup that nothing before us has seen. The name is folded as mailparser's decoder folds it. */
function isUtf7(charset: string): boolean {
  const name = charset.toLowerCase().replace(/[^a-z0-9]/g, '');
  return name.includes('utf7');
}

/**
 * A text in a row of parts that names a file is one, even if it says `inline`; mailparser would append it to the body.
 */
function isNamedText({ parent, node, contentType }: Node): boolean {
  const disposition = node._parsedContentDisposition;
  const named = disposition !== false && disposition.params['filename'] !== undefined;
  return named && parent?.contentType === 'multipart/mixed' && contentType !== false && contentType.startsWith('text/');
}

/**
 * Octets of a charset in, UTF-8 out. Decoded in one piece at the end, as guessing needs; what is over the limit is
 * dropped.
 */
class TextDecoding extends Transform {
  readonly #charset: string;
  readonly #chunks: Buffer[] = [];
  readonly #tooLong: () => void;
  #room = MAX_TEXT;
  #cut = false;

  constructor(charset: string, tooLong: () => void) {
    super();
    this.#charset = charset;
    this.#tooLong = tooLong;
  }

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    if (chunk.length > this.#room && !this.#cut) {
      this.#cut = true;
      this.#tooLong();
    }
    this.#chunks.push(chunk.subarray(0, this.#room));
    this.#room -= Math.min(chunk.length, this.#room);
    done();
  }

  override _flush(done: (error: null, text: Buffer) => void): void {
    done(null, Buffer.from(decodeCharset(Buffer.concat(this.#chunks), this.#charset) ?? ''));
  }
}

function filePart(
  attachment: AttachmentStream,
  chunks: readonly Buffer[],
  { node, contentType, parent }: Node,
): FilePart {
  return {
    octets: Buffer.concat(chunks),
    filename: node.filename || null,
    // Not the attachment's own, which is a guess from the file name where the mail says application/octet-stream.
    contentType: contentType || attachment.contentType,
    contentId: attachment.cid || null,
    related: attachment.contentDisposition === 'inline' && parent?.contentType === 'multipart/related',
  };
}
