import { availableParallelism } from 'node:os';
import { reasonOf } from '../../../wire/errors.ts';
import type { Query } from '../../../wire/query/query.ts';
import type { Content } from '../../message/message.ts';
import type { Digest } from '../../message/query/digest.ts';
import type { Miss } from '../../message/query/explain.ts';
import type { Comparison, Sent } from '../../message/query/judging.ts';
import type { Body } from '../../message/query/matches.ts';
import { unparsed } from '../../message/unparsed.ts';
import { Unfinished } from '../unfinished.ts';
import { ContentCache } from './content-cache.ts';
import type { Judged, Results } from './content-worker.ts';
import { type Asked, ParserThreads, type Urgency } from './parser-threads.ts';

/** A parsed mail. */
export interface Read {
  readonly content: Content;
  /** What searches keep of it; null after a transient failure, which is worth a retry. */
  readonly body: Body | null;
}

/** Limits of the cache for regular expressions: number of answers, and chars per key. */
const MOST_FAULTS = 100;
const MAX_KEY = 5000;

/** Who is asking. */
export interface Asking {
  readonly urgency: Urgency;
  readonly signal?: AbortSignal | undefined;
}

/** A request about one mail, whose octets are `raw`. */
export interface About extends Asking {
  readonly mail: Sent;
  readonly raw: Buffer;
}

/** Parses and judges mails in threads; the store keeps only what searches need. */
export interface ContentSource {
  /** Never rejects. */
  read(id: string, raw: Buffer, urgency: Urgency): Promise<Read>;
  /** For mail that nobody is reading yet. Null after a transient failure. Never rejects. */
  digest(id: string, raw: Buffer): Promise<Digest | null>;
  attachment(id: string, index: number, raw: Buffer): Promise<Buffer | null>;
  /** For each regular expression, why it can't be used; null when it can. @throws {Unfinished} */
  regexFaults(regexes: readonly string[]): Promise<Results['check']>;
  /** Verdicts that don't need the octets. @throws {Unfinished} */
  sift(queries: readonly Query[], mails: readonly Sent[], now: number, asking: Asking): Promise<Results['sift']>;
  /** Whether the mail matches each of the queries. @throws {Unfinished} */
  judge(queries: readonly Query[], now: number, about: About): Promise<Judged<readonly boolean[]>>;
  /** The expectations that the mail does not meet. @throws {Unfinished} */
  compare(comparison: Comparison, about: About): Promise<Judged<readonly Miss[]>>;
  forget(ids: readonly string[]): void;
}

export interface ContentsOptions {
  /** Milliseconds of work, in CPU time, on one mail; large mails get more. */
  readonly deadline?: number;
  /** Cache budget for parsed mails, in octets. */
  readonly cacheOctets?: number;
  /** JavaScript heap of one thread. */
  readonly heapMiB?: number;
  readonly threads?: number;
}

/**
 * The parsed contents of mails. Parsed on first use, in a thread, once for concurrent requests, then cached within a
 * budget. If a mail takes too much work, that is cached too, so that it isn't retried on each request; a transient
 * failure is not.
 */
export class Contents implements ContentSource, AsyncDisposable {
  readonly #threads: ParserThreads;
  readonly #cache: ContentCache;
  /** By the JSON of the expressions. */
  readonly #faults = new Map<string, Results['check']>();
  readonly #reading = new Map<string, { readonly asked: Asked<ReadParts>; readonly result: Promise<ReadParts> }>();
  /** Digests that wait or run. A reader that arrives while one waits upgrades it to a full read. */
  readonly #digesting = new Map<string, Asked<Digest | ReadParts>>();

  constructor(options: ContentsOptions = {}) {
    const { deadline = 5000, cacheOctets = 64 * 1024 * 1024, heapMiB = 256, threads = defaultThreads() } = options;
    this.#threads = new ParserThreads({ deadline, heapMiB, threads });
    this.#cache = new ContentCache(cacheOctets);
  }

  /** Makes the first mail as fast to read as the others. Never rejects. */
  async warm(): Promise<void> {
    await this.#threads.warm();
  }

  async read(id: string, raw: Buffer, urgency: Urgency): Promise<Read> {
    return this.#cache.get(id) ?? this.#read(id, raw, urgency);
  }

  async digest(id: string, raw: Buffer): Promise<Digest | null> {
    const known = this.#cache.get(id) ?? this.#reading.get(id)?.result;
    if (known) return digestFrom(await known);
    const asked: Asked<Digest | ReadParts> = this.#threads.ask({ do: 'digest', raw }, 'nobody');
    this.#digesting.set(id, asked);
    try {
      const found = await asked.result;
      return 'content' in found ? digestFrom(found) : found;
    } catch (error) {
      const failed = failedToRead(raw, error);
      // Cache the failure, so that the first reader does not retry it.
      if (failed.body) this.#cache.set(id, failed.content, failed.body, []);
      return digestFrom(failed);
    } finally {
      if (this.#digesting.get(id) === asked) this.#digesting.delete(id);
    }
  }

  /**
   * The decoded octets of a part. Never rejects.
   * @returns null when the mail has no such part
   */
  async attachment(id: string, index: number, raw: Buffer): Promise<Buffer | null> {
    const cached = this.#cache.get(id);
    if (cached && index >= cached.content.attachments.length) return null;
    const parts = cached?.parts ?? (await this.#read(id, raw, 'reader')).parts;
    const part = parts[index];
    return part ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : null;
  }

  async regexFaults(regexes: readonly string[]): Promise<Results['check']> {
    const key = JSON.stringify(regexes);
    // Clients that poll for mail send the same expressions again and again.
    const known = this.#faults.get(key);
    if (known) return known;
    const faults = await this.#threads.ask({ do: 'check', regexes }, 'reader').result;
    if (this.#faults.size >= MOST_FAULTS) this.#faults.clear();
    if (key.length < MAX_KEY) this.#faults.set(key, faults);
    return faults;
  }

  sift(queries: readonly Query[], mails: readonly Sent[], now: number, { urgency, signal }: Asking) {
    return this.#threads.ask({ do: 'sift', queries, mails, now }, urgency, signal).result;
  }

  judge(queries: readonly Query[], now: number, { mail, raw, urgency, signal }: About) {
    return this.#threads.ask({ do: 'judge', queries, mail, raw, now }, urgency, signal).result;
  }

  compare(comparison: Comparison, { mail, raw, urgency, signal }: About) {
    return this.#threads.ask({ do: 'compare', with: comparison, mail, raw }, urgency, signal).result;
  }

  /** Forgets mails that were removed. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#cache.delete(id);
      this.#reading.delete(id);
      this.#digesting.delete(id);
    }
  }

  #read(id: string, raw: Buffer, urgency: Urgency): Promise<ReadParts> {
    const running = this.#reading.get(id);
    if (running) {
      if (urgency === 'reader') running.asked.upgrade(urgency, { do: 'read', raw });
      return running.result;
    }
    const asked = this.#askToRead(id, raw, urgency);
    const result = asked.result
      .catch((error: unknown) => failedToRead(raw, error))
      .then((read: ReadParts) => {
        // Unless the mail was forgotten in the meantime.
        if (this.#reading.get(id)?.result === result) {
          this.#reading.delete(id);
          if (read.body) this.#cache.set(id, read.content, read.body, read.parts);
        }
        return read;
      });
    this.#reading.set(id, { asked, result });
    return result;
  }

  /** Upgrades a waiting digest to a full read; one that is already running continues in parallel. */
  #askToRead(id: string, raw: Buffer, urgency: Urgency): Asked<ReadParts> {
    const digesting = this.#digesting.get(id);
    if (!digesting?.upgrade(urgency, { do: 'read', raw })) return this.#threads.ask({ do: 'read', raw }, urgency);
    this.#digesting.delete(id);
    const result = digesting.result.then((found) => {
      if ('content' in found) return found;
      throw new Error('the upgraded task returned a digest');
    });
    return { ...digesting, result };
  }

  /** Ends the threads; pending reads resolve with a content that says so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#reading.clear();
    await this.#threads[Symbol.asyncDispose]();
  }
}

interface ReadParts extends Read {
  readonly parts: readonly Uint8Array[];
}

function digestFrom({ content: { attachments, preview, warnings }, body }: Read): Digest | null {
  return body && { attachments, preview, warnings, body };
}

/** When nothing could be parsed: only the headers. */
function failedToRead(raw: Buffer, error: unknown): ReadParts {
  const { content } = unparsed(raw, reasonOf(error));
  const isPassing = error instanceof Unfinished && error.isPassing;
  return { content, body: isPassing ? null : EMPTY_BODY, parts: [] };
}

const EMPTY_BODY: Body = { text: '', signature: new Uint32Array(128), html: false, link: false, code: false };

/** Leaves one core for the main thread. More than four threads would cost memory for little gain. */
function defaultThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1));
}
