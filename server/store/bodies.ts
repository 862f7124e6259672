import { type Body, bodyOf } from '../message/matches.ts';
import type { Content } from '../message/message.ts';
import { unparsed } from '../message/parsed-mail.ts';
import type { Archive, Kept } from './archive.ts';
import type { ContentSource } from './contents.ts';
import type { Entry } from './entry.ts';

interface BodiesOptions {
  readonly archive: Archive;
  readonly contents: ContentSource;
  /** False for a mail that was removed in the meantime. */
  readonly exists: (entry: Entry) => boolean;
  /** Called when texts can't be put on the disk; then they stay in memory. */
  readonly report: (error: unknown) => void;
  /** Of the texts, where there is a disk for the others. */
  readonly charsInMemory?: number;
}

/** Texts that are in memory where others are on the disk, in chars. */
const CHARS_IN_MEMORY = 2 * 1024 * 1024;

/**
 * What a search wants of the mails that have been parsed. Where there is a disk, only the latest texts are in memory:
 * of the others their signatures are, and the few that these can't rule out are read.
 */
export class Bodies {
  readonly #options: BodiesOptions;
  /** In the order in which they came, so that the oldest go to the disk first. */
  readonly #inMemory = new Map<string, KeptBody>();
  readonly #onDisk = new Map<string, KeptBody>();
  #chars = 0;
  #spilling = false;
  #failing = false;

  constructor(options: BodiesOptions) {
    this.#options = options;
  }

  /** Parses a mail. `news`: for the first time, so that its summary can be completed. */
  async parse(entry: Entry): Promise<{ readonly content: Content; readonly news: boolean }> {
    const { archive, contents, exists } = this.#options;
    const { id } = entry.summary;
    const raw = await archive.raw(id);
    if (raw === null) {
      return { content: unparsed(Buffer.alloc(0), 'The mail is not there any more.').content, news: false };
    }
    const content = await contents.content(id, raw);
    const news = entry.body === null;
    if (news || entry.body?.text === null) entry.body = exists(entry) ? this.#keep(id, bodyOf(content)) : null;
    return { content, news };
  }

  /** For mails that are gone. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#drop(id);
    this.#options.contents.forget(ids);
  }

  #drop(id: string): void {
    this.#chars -= this.#inMemory.get(id)?.chars ?? 0;
    this.#inMemory.delete(id);
    this.#onDisk.get(id)?.release();
    this.#onDisk.delete(id);
  }

  #keep(id: string, body: Body): Body {
    if (this.#options.archive.scratch === null) return body;
    this.#drop(id);
    const kept = new KeptBody(body);
    this.#inMemory.set(id, kept);
    this.#chars += kept.chars;
    void this.#spill();
    return kept;
  }

  async #spill(): Promise<void> {
    const { archive, report, charsInMemory = CHARS_IN_MEMORY } = this.#options;
    if (this.#spilling || archive.scratch === null) return;
    this.#spilling = true;
    try {
      for (const [id, body] of this.#inMemory) {
        if (this.#chars <= charsInMemory) break;
        const kept = await archive.scratch.keep(body.text ?? '');
        if (this.#inMemory.get(id) !== body) {
          kept.release();
          continue;
        }
        this.#inMemory.delete(id);
        this.#chars -= body.chars;
        body.moveTo(kept);
        this.#onDisk.set(id, body);
      }
      this.#failing = false;
    } catch (error) {
      // Told once, not for each mail that comes while the disk is full.
      if (!this.#failing) report(error);
      this.#failing = true;
    } finally {
      this.#spilling = false;
    }
  }
}

/** A body whose text is in memory or elsewhere. */
class KeptBody implements Body {
  readonly signature: Body['signature'];
  readonly html: boolean;
  readonly link: boolean;
  readonly code: boolean;
  readonly chars: number;
  #text: string | Kept;

  constructor({ text, signature, html, link, code }: Body) {
    this.signature = signature;
    this.html = html;
    this.link = link;
    this.code = code;
    this.#text = text ?? '';
    this.chars = this.#text.length;
  }

  get text(): string | null {
    return typeof this.#text === 'string' ? this.#text : this.#text.read();
  }

  moveTo(kept: Kept): void {
    this.#text = kept;
  }

  release(): void {
    if (typeof this.#text !== 'string') this.#text.release();
  }
}
