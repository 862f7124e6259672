import type { Message } from '../server/http/wire.ts';
import type { Api } from './api.ts';
import { MailAttachment } from './attachment.ts';
import { asBytes, type Bytes } from './bytes.ts';
import { refuse } from './refusal.ts';

type Plain = Omit<Message, 'attachments' | 'code'>;

const Fields = class {
  constructor(message: Plain) {
    Object.assign(this, message);
  }
} as new (
  message: Plain,
) => Plain;

/** A captured mail, decoded: all that `GET /api/messages/{id}` has, and ways to get at what tests are after. */
export class Mail extends Fields {
  readonly attachments: readonly MailAttachment[];
  readonly #api: Api;
  readonly #code: string | null;

  constructor(api: Api, { attachments, code, ...message }: Message) {
    super(message);
    this.#api = api;
    this.#code = code;
    this.attachments = attachments.map((attachment) => new MailAttachment(api, message.id, attachment));
  }

  /**
   * The URL of the one link, ready to be opened. The same URL in HTML and text, or twice, is one link.
   * @param pattern in the URL, case apart for a text; where no URL has it, in what a reader clicks on
   * @throws {TypeError} when there is no such link, or more than one; it lists them all
   * @example
   * await page.goto(mail.link(/reset/));
   */
  link(pattern: string | RegExp = ''): string {
    const byUrl = this.links.filter(({ url }) => has(url, pattern));
    const found = byUrl.length > 0 ? byUrl : this.links.filter(({ text }) => has(text, pattern));
    const [url, ...more] = new Set(found.map((link) => link.url));
    if (url !== undefined && more.length === 0) return url;
    const all = (url === undefined ? this.links : found).map((link) => `${link.url}  "${link.text}"`);
    const which = pattern === '' ? '' : ` with ${told(pattern)}`;
    if (this.links.length === 0) this.#refuse(`find a link${which}`, 'it has none', 'check what was sent');
    if (url === undefined) this.#refuse(`find a link${which}`, 'none of its links has that', 'choose among these', all);
    this.#refuse(`find one link${which}`, `there are ${more.length + 1}`, 'say which one is meant', all);
  }

  /**
   * The one-time code.
   * @throws {TypeError} when it can't be told which one it is; it lists what might be
   * @example
   * await page.getByLabel('Code').fill(mail.code());
   */
  code(): string {
    if (this.#code !== null) return this.#code;
    if (this.codes.length === 0) this.#refuse('find the code', 'nothing in it looks like one', 'check what was sent');
    const all = this.codes.map(({ code, reason }) => `${code}  ${reason}`);
    this.#refuse('find the code', 'it is not clear which one it is', 'take the one that is meant out of "codes"', all);
  }

  /**
   * The one attachment of that name; without a name the only one, inline parts apart.
   * @param name all of the file name, or what it must match
   * @throws {TypeError} when there is none, or more than one; it lists them all
   * @example
   * const { total } = await mail.attachment('invoice.json').json<{ total: number }>();
   */
  attachment(name?: string | RegExp): MailAttachment {
    const found = this.attachments.filter(({ filename, inline }) => {
      if (name === undefined) return !inline;
      return typeof name === 'string' ? filename === name : filename !== null && has(filename, name);
    });
    const [first, ...more] = found;
    if (first && more.length === 0) return first;
    const which = name === undefined ? '' : ` named ${told(name)}`;
    const all = this.attachments.map(({ filename, contentType, size, inline }) => {
      return `${filename ?? '(no name)'}  ${contentType}, ${size} octets${inline ? ', inline' : ''}`;
    });
    if (this.attachments.length === 0) this.#refuse(`find an attachment${which}`, 'it has none', 'check what was sent');
    const reason = first ? `there are ${found.length}` : 'there is none';
    this.#refuse(`find one attachment${which}`, reason, 'choose among these', all);
  }

  /** The first header field of that name, decoded; null when there is none. `headers` has all, with repeats. */
  header(name: string): string | null {
    const field = this.headers.find((header) => header.name.toLowerCase() === name.toLowerCase());
    return field?.value ?? null;
  }

  /** The mail octet for octet as it was received: a `Buffer` in Node. */
  async raw(): Promise<Bytes> {
    return asBytes(await this.#api.raw(this.id));
  }

  #refuse(doing: string, reason: string, please: string, choices?: readonly string[]): never {
    refuse(`${doing} in the mail "${this.subject ?? '(no subject)'}"`, reason, please, choices);
  }
}

/** Unlike `test`, `search` does not go on from where a regular expression matched last. */
function has(text: string, pattern: string | RegExp): boolean {
  if (typeof pattern === 'string') return text.toLowerCase().includes(pattern.toLowerCase());
  return text.search(pattern) >= 0;
}

function told(pattern: string | RegExp): string {
  return typeof pattern === 'string' ? `"${pattern}"` : String(pattern);
}
