import { availableParallelism } from 'node:os';
import { reasonOf } from '../errors.ts';
import { type Digest, digestOf } from '../message/digest.ts';
import type { Content } from '../message/message.ts';
import { unparsed } from '../message/parsed-mail.ts';
import { ContentCache } from './content-cache.ts';
import type { ParseResult } from './content-worker.ts';
import { ParserThreads } from './parser-threads.ts';

/** Where parsed bodies come from; they are kept there, the store only keeps what searching needs. */
export interface ContentSource {
  content(id: string, raw: Buffer): Promise<Content>;
  /** For mail that nobody reads yet. */
  digest(id: string, raw: Buffer): Promise<Digest>;
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

/**
 * The parsed contents of mails: made when first asked for, in another thread, once for all who ask at the same time,
 * and kept under a budget for those who read them. A mail that can't be parsed has a content that says why; that is kept, too, so that it isn't
 * tried again at each request.
 */
export class Contents implements ContentSource, AsyncDisposable {
  readonly #threads: ParserThreads;
  readonly #cache: ContentCache;
  readonly #parsing = new Map<string, Promise<ParseResult>>();

  constructor(options: ContentsOptions = {}) {
    const { deadline = 5000, cacheOctets = 64 * 1024 * 1024, heapMiB = 256, threads = defaultThreads() } = options;
    this.#threads = new ParserThreads({ deadline, heapMiB, threads });
    this.#cache = new ContentCache(cacheOctets);
  }

  /** Never rejects. */
  async content(id: string, raw: Buffer): Promise<Content> {
    const { content } = this.#cache.get(id) ?? (await this.#parse(id, raw));
    return content;
  }

  /** Never rejects. Nothing else is kept, so that what others read is not pushed out. */
  async digest(id: string, raw: Buffer): Promise<Digest> {
    const known = this.#cache.get(id) ?? (await this.#parsing.get(id));
    if (known) return digestOf(known.content);
    try {
      return await this.#threads.digest(raw);
    } catch (error) {
      // Why it failed is kept, so that it isn't tried again for the first who reads it.
      const { content } = unparsed(raw, reasonOf(error));
      this.#cache.set(id, content, []);
      return digestOf(content);
    }
  }

  /**
   * The decoded octets of a part. Never rejects.
   * @returns null when the mail has no such part
   */
  async attachment(id: string, index: number, raw: Buffer): Promise<Buffer | null> {
    const cached = this.#cache.get(id);
    if (cached && index >= cached.content.attachments.length) return null;
    const parts = cached?.parts ?? (await this.#parse(id, raw)).parts;
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

  #parse(id: string, raw: Buffer): Promise<ParseResult> {
    const running = this.#parsing.get(id);
    if (running) return running;
    const parsing = this.#threads
      .parse(raw)
      .catch((error: unknown): ParseResult => unparsed(raw, reasonOf(error)))
      .then((result) => {
        // Unless the mail was forgotten in the meantime.
        if (this.#parsing.get(id) === parsing) {
          this.#parsing.delete(id);
          this.#cache.set(id, result.content, result.parts);
        }
        return result;
      });
    this.#parsing.set(id, parsing);
    return parsing;
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
