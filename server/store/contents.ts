import { availableParallelism } from 'node:os';
import { reasonOf } from '../errors.ts';
import type { Content } from '../message/message.ts';
import { unparsed } from '../message/parsed-mail.ts';
import { ContentCache } from './content-cache.ts';
import type { ParseResult } from './content-worker.ts';
import { ParserThreads } from './parser-threads.ts';

/** Where parsed bodies come from; they are kept there, the store only keeps what searching needs. */
export interface ContentSource {
  /** @param keep false when nobody has asked to read it, so that what others read is not pushed out */
  content(id: string, raw: Buffer, keep?: boolean): Promise<Content>;
  attachment(id: string, index: number, raw: Buffer): Promise<Buffer | null>;
  forget(ids: readonly string[]): void;
}

export interface ContentsOptions {
  /** Milliseconds of work on one mail, counted from its start; large mails get more. */
  readonly deadline?: number;
  /** What is kept of parsed mails, in octets. */
  readonly cacheOctets?: number;
  /** JavaScript heap of one parser thread. */
  readonly heapMiB?: number;
  readonly threads?: number;
}

interface Parsing {
  readonly result: Promise<ParseResult>;
  keep: boolean;
}

/**
 * The parsed contents of mails: made when first asked for, in another thread, once for all who ask at the same time,
 * and kept under a budget for those who read them. A mail that can't be parsed has a content that says why; that is kept, too, so that it isn't
 * tried again at each request.
 */
export class Contents implements ContentSource, AsyncDisposable {
  readonly #threads: ParserThreads;
  readonly #cache: ContentCache;
  readonly #parsing = new Map<string, Parsing>();

  constructor(options: ContentsOptions = {}) {
    const { deadline = 5000, cacheOctets = 64 * 1024 * 1024, heapMiB = 256, threads = defaultThreads() } = options;
    this.#threads = new ParserThreads({ deadline, heapMiB, threads });
    this.#cache = new ContentCache(cacheOctets);
  }

  /** Never rejects. */
  async content(id: string, raw: Buffer, keep = true): Promise<Content> {
    const { content } = this.#cache.get(id) ?? (await this.#parse(id, raw, keep));
    return content;
  }

  /**
   * The decoded octets of a part. Never rejects.
   * @returns null when the mail has no such part
   */
  async attachment(id: string, index: number, raw: Buffer): Promise<Buffer | null> {
    const cached = this.#cache.get(id);
    if (cached && index >= cached.content.attachments.length) return null;
    const parts = cached?.parts ?? (await this.#parse(id, raw, true)).parts;
    const part = parts[index];
    return part ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : null;
  }

  /** For mails that are gone. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#cache.delete(id);
      this.#parsing.delete(id);
    }
  }

  #parse(id: string, raw: Buffer, keep: boolean): Promise<ParseResult> {
    const running = this.#parsing.get(id);
    if (running) {
      running.keep ||= keep;
      return running.result;
    }
    const result = this.#threads
      .parse(raw)
      .catch((error: unknown): ParseResult => unparsed(raw, reasonOf(error)))
      .then((result) => {
        // Unless the mail was forgotten in the meantime.
        if (this.#parsing.get(id) !== parsing) return result;
        this.#parsing.delete(id);
        if (parsing.keep || result.content.problem !== null) this.#cache.set(id, result.content, result.parts);
        return result;
      });
    const parsing: Parsing = { result, keep };
    this.#parsing.set(id, parsing);
    return result;
  }

  /** Ends the threads; whoever still waits gets a content that says so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#parsing.clear();
    await this.#threads[Symbol.asyncDispose]();
  }
}

/** One core is left to the main thread; more than four threads would find more memory in use than mail to parse. */
function defaultThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1));
}
