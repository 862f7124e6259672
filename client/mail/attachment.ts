import type * as wire from '../../wire/message.ts';
import type { Api } from '../api/api.ts';
import { asBytes, type Bytes } from './bytes.ts';

const Fields = class {
  constructor(attachment: wire.Attachment) {
    Object.assign(this, attachment);
  }
} as new (
  attachment: wire.Attachment,
) => wire.Attachment;

/** An attachment or inline part of a mail. Its content is fetched on demand. */
export class MailAttachment extends Fields {
  readonly #load: () => Promise<Uint8Array>;

  constructor(api: Api, id: string, attachment: wire.Attachment) {
    super(attachment);
    this.#load = () => api.attachment(id, attachment.index);
  }

  /** Its octets, decoded: a `Buffer` in Node. */
  async buffer(): Promise<Bytes> {
    return asBytes(await this.#load());
  }

  /** Its content read as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.#load());
  }

  /** @throws {SyntaxError} if it is not JSON */
  async json<T = unknown>(): Promise<T> {
    return JSON.parse(await this.text()) as T;
  }
}
