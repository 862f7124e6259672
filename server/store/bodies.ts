import type { Digest } from '../message/digest.ts';
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
  /** Called when texts can't be put into the scratch; then they stay at hand. */
  readonly report: (error: unknown) => void;
}

const GONE = unparsed(Buffer.alloc(0), 'The mail is not there any more.');

/**
 * What a search wants of the mails that have been parsed. Only the latest texts are at hand; the others are in the
 * scratch, and are read when their signatures can't rule them out.
 */
export class Bodies {
  readonly #options: BodiesOptions;
  /** In the order in which they came, so that the oldest go to the scratch first. */
  readonly #atHand = new Map<string, KeptBody>();
  readonly #inScratch = new Map<string, KeptBody>();
  #chars = 0;
  #spilling = false;
  #failing = false;

  constructor(options: BodiesOptions) {
    this.#options = options;
  }

  /** Parses a mail. `news`: for the first time, so that its summary can be completed. */
  async parse(entry: Entry): Promise<{ readonly content: Content; readonly news: boolean }> {
    const { archive, contents } = this.#options;
    const { id } = entry.summary;
    const raw = await archive.raw(id);
    if (raw === null) return { content: GONE.content, news: false };
    const content = await contents.content(id, raw);
    const news = entry.body === null;
    if (news || entry.body?.text === null) this.#keep(entry, bodyOf(content));
    return { content, news };
  }

  /** The same for a mail that nobody reads yet. Null when nothing is new. */
  async digest(entry: Entry): Promise<Digest | null> {
    const { archive, contents } = this.#options;
    const { id } = entry.summary;
    const raw = entry.body === null ? await archive.raw(id) : null;
    if (raw === null) return null;
    const digest = await contents.digest(id, raw);
    if (entry.body !== null) return null;
    this.#keep(entry, digest.body);
    return digest;
  }

  /** For mails that are gone. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#drop(id);
    this.#options.contents.forget(ids);
  }

  #drop(id: string): void {
    this.#chars -= this.#atHand.get(id)?.chars ?? 0;
    this.#atHand.delete(id);
    this.#inScratch.get(id)?.release();
    this.#inScratch.delete(id);
  }

  #keep(entry: Entry, body: Body): void {
    if (!this.#options.exists(entry)) return;
    const { id } = entry.summary;
    this.#drop(id);
    const kept = new KeptBody(body);
    entry.body = kept;
    this.#atHand.set(id, kept);
    this.#chars += kept.chars;
    void this.#spill();
  }

  async #spill(): Promise<void> {
    const { scratch } = this.#options.archive;
    if (this.#spilling) return;
    this.#spilling = true;
    try {
      for (const [id, body] of this.#atHand) {
        if (this.#chars <= scratch.charsAtHand) break;
        const kept = await scratch.keep(body.text ?? '');
        if (this.#atHand.get(id) !== body) {
          kept.release();
          continue;
        }
        this.#atHand.delete(id);
        this.#chars -= body.chars;
        body.moveTo(kept);
        this.#inScratch.set(id, body);
      }
      this.#failing = false;
    } catch (error) {
      // Told once, not for each mail that comes while the disk is full.
      if (!this.#failing) this.#options.report(error);
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
