import type { Message } from '../../wire/message.ts';
import type { Api } from '../api/api.ts';
import type { Epoch } from '../api/restarts.ts';
import { refuse } from '../refusal.ts';
import { MailAttachment } from './attachment.ts';
import { asBytes, type Bytes } from './bytes.ts';
import type { HtmlDocument, MailElement, ParseHtml } from './html.ts';
import { deadLinks, findLinks, type LinkMatch, type LinkOptions, objectionTo } from './links.ts';
import { hasPattern, told } from './pattern.ts';

type Plain = Omit<Message, 'attachments' | 'code'>;

const Fields = class {
  constructor(message: Plain) {
    Object.assign(this, message);
  }
} as new (
  message: Plain,
) => Plain;

/** The connection that mails are read through. */
export interface MailSource {
  readonly api: Api;
  readonly parseHtml: ParseHtml;
  /** If given, waits continue when the server restarts. */
  readonly epoch?: Epoch | null;
}

/** A captured mail, decoded: everything in `GET /api/messages/{id}`, and methods to get at what tests need. */
export class Mail extends Fields {
  readonly attachments: readonly MailAttachment[];
  readonly #api: Api;
  readonly #code: string | null;
  readonly #parseHtml: ParseHtml;
  #document: HtmlDocument | undefined;

  constructor({ api, parseHtml }: MailSource, { attachments, code, ...message }: Message) {
    super(message);
    this.#api = api;
    this.#code = code;
    this.#parseHtml = parseHtml;
    this.attachments = attachments.map((attachment) => new MailAttachment(api, message.id, attachment));
  }

  /**
   * The URL of the only link that matches, ready to open. If the mail has HTML, only links of the HTML count: they are
   * the ones a reader can click. Repeats of a URL count as one link.
   * @param pattern what to find in the URL or, if no URL matches, in the link's text; a string ignores case
   * @throws {TypeError} if there is no such link, or more than one; the message lists them all
   * @example
   * await page.goto(mail.link(/reset/));
   * @example
   * const plain = mail.link(/reset/, { source: 'text' });
   */
  link(pattern?: string | RegExp, options: LinkOptions = {}): string {
    const objection = objectionTo(pattern);
    if (objection !== null) this.#refuse('find a link', ...objection);
    const which = pattern === undefined ? '' : ` with ${told(pattern)}`;
    const { links, matching, elsewhere, source } = findLinks(this, pattern, options);
    const [url, ...more] = new Set(matching.map((link) => link.url));
    if (url !== undefined && more.length === 0) return url;
    const lines = (some: LinkMatch['links']) => some.map((link) => `${link.url}  "${link.text}"`);
    if (url !== undefined)
      this.#refuse(`find one link${which}`, `there are ${more.length + 1}`, 'say which one you mean', lines(matching));
    const doing = `find a link${which}`;
    const all = [...lines(links), ...(source === 'html' ? this.deadLinks() : [])];
    const [only] = elsewhere;
    if (only) {
      const other = source === 'html' ? 'text' : 'HTML';
      const has = links.length === 0 ? 'has none' : 'has others';
      const please = `check what was sent, or look there with { source: '${only.source}' }`;
      const here = source === 'html' ? 'HTML' : 'text';
      this.#refuse(doing, `${only.url} is only in the ${other}; the ${here} ${has}`, please, all);
    }
    if (links.length === 0) this.#refuse(doing, `${this.#part(source)} has none`, 'check what was sent', all);
    this.#refuse(doing, `no link in ${this.#part(source)} matches`, 'choose one of these', all);
  }

  /** Dead links of the HTML, in words: without a target, or with `#...` or `javascript:`. */
  deadLinks(): readonly string[] {
    return this.html === null ? [] : deadLinks(this.#parsed(this.html));
  }

  /**
   * The one-time code.
   * @throws {TypeError} if there is none or it is ambiguous; the message lists the candidates
   * @example
   * await page.getByLabel('Code').fill(mail.code());
   */
  code(): string {
    if (this.#code !== null) return this.#code;
    if (this.codes.length === 0) this.#refuse('find the code', 'nothing in it looks like one', 'check what was sent');
    const all = this.codes.map(({ code, reason }) => `${code}  ${reason}`);
    this.#refuse('find the code', 'no candidate is certain', 'pick the right one from "codes"', all);
  }

  /**
   * The only attachment with this name or, without a name, the only one that is not an inline part.
   * @param name the whole file name, or a pattern it must match
   * @throws {TypeError} if there is none, or more than one; the message lists them all
   * @example
   * const { total } = await mail.attachment('invoice.json').json<{ total: number }>();
   */
  attachment(name?: string | RegExp): MailAttachment {
    const found = this.attachments.filter(({ filename, inline }) => {
      if (name === undefined) return !inline;
      return typeof name === 'string' ? filename === name : filename !== null && hasPattern(filename, name);
    });
    const [first, ...more] = found;
    if (first && more.length === 0) return first;
    const which = name === undefined ? '' : ` named ${told(name)}`;
    const all = this.attachments.map(({ filename, contentType, size, inline }) => {
      return `${filename ?? '(no name)'}  ${contentType}, ${size} octets${inline ? ', inline' : ''}`;
    });
    if (this.attachments.length === 0) this.#refuse(`find an attachment${which}`, 'it has none', 'check what was sent');
    const reason = first ? `there are ${found.length}` : 'there is none';
    this.#refuse(`find one attachment${which}`, reason, 'choose one of these', all);
  }

  /**
   * The first element of the HTML that matches a CSS selector; null if there is none. Nothing in it runs or loads.
   * @throws {TypeError} if the mail has no HTML or the selector is invalid
   * @example
   * expect(mail.$('.total')?.textContent).toBe('42.00');
   */
  $(selector: string): MailElement | null {
    return this.#query(selector, (document) => document.querySelector(selector));
  }

  /**
   * All elements of the HTML that match a CSS selector, in document order.
   * @throws {TypeError} if the mail has no HTML or the selector is invalid
   */
  $$(selector: string): MailElement[] {
    return this.#query(selector, (document) => Array.from(document.querySelectorAll(selector)));
  }

  /** The first header field with this name, decoded; null if there is none. `headers` has all, with repeats. */
  header(name: string): string | null {
    const field = this.headers.find((header) => header.name.toLowerCase() === name.toLowerCase());
    return field?.value ?? null;
  }

  /** The mail exactly as received, byte for byte: a `Buffer` in Node. */
  async raw(): Promise<Bytes> {
    return asBytes(await this.#api.raw(this.id));
  }

  #query<T>(selector: string, find: (document: HtmlDocument) => T): T {
    const doing = `find "${selector}"`;
    // Not null: a test that something is absent would pass just because there is no HTML.
    if (this.html === null) this.#refuse(doing, 'it has no HTML', 'check what was sent; "text" has the plain text');
    const document = this.#parsed(this.html);
    try {
      if (selector.trim() !== '') return find(document);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#refuse(doing, `that is not a valid selector (${reason})`, 'give a CSS selector like "a.button"');
    }
    this.#refuse(doing, 'that is not a valid selector', 'give a CSS selector like "a.button"');
  }

  #parsed(html: string): HtmlDocument {
    this.#document ??= this.#parseHtml(html);
    return this.#document;
  }

  #part(source: 'html' | 'text'): string {
    if (this.html === null && source === 'text') return 'it';
    return source === 'html' ? 'its HTML' : 'its text';
  }

  #refuse(doing: string, reason: string, please: string, choices?: readonly string[]): never {
    refuse(`${doing} in the mail "${this.subject ?? '(no subject)'}"`, reason, please, choices);
  }
}
